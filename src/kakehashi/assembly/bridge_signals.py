"""Where news of the Desk meet the bell of the CRM: who hears of them, what they are called, what they lead to."""

from collections.abc import Mapping, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kakehashi.bridge.connection.permissions import DESK_INTEGRATION
from kakehashi.bridge.connection.queries import living_connection
from kakehashi.bridge.sides.embedded.news import NEWS_TOPICS, ticket_news
from kakehashi.bridge.sides.news import TicketNews
from kakehashi.bridge.signals.choosing import choices_of
from kakehashi.bridge.signals.hearing import hear
from kakehashi.bridge.signals.kinds import BY_CODE, KINDS, DeskKind
from kakehashi.bridge.signals.showing import Rung, show
from kakehashi.core.events.loop import add_subscriber
from kakehashi.core.events.subscribers import Subscriber
from kakehashi.crm.audit.slots import AUDIT_KINDS, AuditKind
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.sales_signals.kinds import SIGNAL_KINDS, SignalKind, Words
from kakehashi.crm.sales_signals.models import Signal
from kakehashi.crm.settings.slots import SETTINGS_PAGES, SettingsPage


def wire_signals() -> None:
    add_subscriber(Subscriber("bridge.signals", NEWS_TOPICS, lambda markers: hear(ticket_news(markers))))
    for place, kind in enumerate(KINDS):
        SIGNAL_KINDS.add(_kind(kind), order=20 + place)
    SETTINGS_PAGES.add(
        SettingsPage(
            key="signals",
            label=gettext_lazy("Sales signals"),
            group=gettext_lazy("Channels"),
            icon="bell-ringing",
            url=lambda access: reverse("desk_integration_signals", args=[access.org.pk]),
            permission=DESK_INTEGRATION.code,
        )
    )
    labels = {kind.code: kind.label for kind in KINDS}
    AUDIT_KINDS.add(AuditKind("bridge.signals.", gettext_lazy("Sales signals"), labels=labels))


def _kind(kind: DeskKind) -> SignalKind:
    def is_on(org_id: int) -> bool:
        connection = living_connection(org_id)
        return connection is not None and any(one.on for one in choices_of(connection) if one.kind is kind)

    return SignalKind(kind.code, kind.label, kind.icon, _in_words, is_on, kind.about)


def _in_words(access: CrmAccess, signals: Sequence[Signal]) -> Mapping[int, Words]:
    shown = show(access.org.pk, [_rung(one) for one in signals], access.actor)
    if shown is None:
        return {one.pk: Words(_("A ticket: the Desk does not answer just now."), "") for one in signals}
    gone = Words(_("This ticket is not there any more, or not for you."), "")
    return {
        one.pk: Words(found.sentence, found.url, found.excerpt, is_sheet=True, thread=found.thread)
        if (found := shown.get(one.pk))
        else gone
        for one in signals
    }


def _rung(signal: Signal) -> Rung:
    data = signal.data
    news = TicketNews(BY_CODE[signal.kind].news, data["ticket"], data["part"], data["deadline"])
    return Rung(signal.pk, news, (signal.module_name, signal.record_id or 0))
