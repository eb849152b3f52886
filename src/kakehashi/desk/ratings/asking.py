"""Asking for a rating some time after a ticket was closed."""

from collections.abc import Sequence
from datetime import timedelta

from kakehashi.core import clock
from kakehashi.core.events.reading import Marker
from kakehashi.core.events.subscribers import Subscriber
from kakehashi.desk.customer_pages.models import RatingRequest
from kakehashi.desk.customer_pages.queries import settings_of
from kakehashi.desk.notices.actions import notify_customer
from kakehashi.desk.notices.models import Notice
from kakehashi.desk.tickets.models import Ticket

_TOO_LATE = timedelta(days=3)


def ask_for_ratings(markers: Sequence[Marker]) -> None:
    """Queue one mail per closing. Whoever reopens the ticket or rates it meanwhile gets none: that is asked again when it leaves."""
    ids = {marker.subject_id for marker in markers}
    related = "department__answers_from", "portal"
    closed = Ticket.objects.filter(pk__in=ids, closed_at__isnull=False, deleted_at__isnull=True, rating="")
    for ticket in closed.select_related(*related).defer("description_html").order_by("pk"):
        _ask(ticket)


def _ask(ticket: Ticket) -> None:
    settings = settings_of(ticket.department)
    closed_at = ticket.closed_at
    if settings.ratings != RatingRequest.CLOSING or closed_at is None or closed_at < settings.changed_at:
        return
    if closed_at < clock.now() - _TOO_LATE:
        return  # what a standstill has kept us from is not made good weeks later
    closing = closed_at.isoformat()
    if Notice.objects.filter(ticket=ticket, kind="rating", data__closed_at=closing).exists():
        return
    at = closed_at + timedelta(minutes=settings.rating_delay_minutes)
    notify_customer(ticket, language=ticket.portal.language, kind="rating", data={"closed_at": closing}, at=at)


SUBSCRIBER = Subscriber("desk.rating_requests", ["desk.ticket.closed"], ask_for_ratings)
