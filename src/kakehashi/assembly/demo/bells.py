"""The latest news of tickets in the demo, as if the bell had rung when they happened; what is some days old was read since."""

from datetime import timedelta
from typing import get_args

from django.db.models import F

from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.sides.embedded.news import news_of
from kakehashi.bridge.sides.news import NewsKind
from kakehashi.bridge.signals.hearing import hear
from kakehashi.core import clock
from kakehashi.core.events.models import Event
from kakehashi.crm.sales_signals.actions import read_signals
from kakehashi.crm.sales_signals.models import Signal

_OF_EACH_KIND = 6
_READ_SINCE = timedelta(days=2)


def ring_bells(connection: Connection) -> None:
    """In the caller's transaction."""
    found: list[Event] = []
    for kind in get_args(NewsKind):
        rows = Event.objects.filter(tenant=connection.portal_tenant, topic=f"desk.ticket.{kind}", at__lte=clock.now())
        found += rows.order_by("-at", "-id")[:_OF_EACH_KIND]
    hear([news_of(event) for event in sorted(found, key=lambda event: event.at)])
    rung = Signal.objects.filter(org_id=connection.org_id)
    rung.update(rung_at=F("at"))
    read_signals(rung.filter(at__lt=clock.now() - _READ_SINCE))
