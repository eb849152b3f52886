"""Tickets of a person who is erased: empty rows, or rows that only statistics can read."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q

from kakehashi.core import clock
from kakehashi.core.actors import Actor
from kakehashi.core.events.log import Fact, write_facts
from kakehashi.core.fields.types import FieldType
from kakehashi.desk.bulk_changes.models import BulkRow
from kakehashi.desk.followers.models import TicketFollower
from kakehashi.desk.intake.models import IncomingMail
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.ticket_fields.models import TicketField
from kakehashi.desk.ticket_search.models import TicketWords
from kakehashi.desk.tickets.actions import lock_tickets, save_ticket
from kakehashi.desk.tickets.models import Ticket
from kakehashi.desk.tickets.tallies import kept_figures

from .conversations import delete_conversations, empty_conversations, empty_log, take_drafts, take_files
from .models import ErasureKind
from .past import empty_ticket_events

_NOBODYS_TYPES = (
    FieldType.PICKLIST, FieldType.MULTIPICKLIST, FieldType.BOOLEAN, FieldType.INTEGER, FieldType.DECIMAL, FieldType.PERCENT,
)  # fmt: skip


def erase_tickets(
    portal: Portal, ticket_ids: Sequence[int], *, kind: ErasureKind, told: Mapping[str, Any], actor: Actor
) -> list[str]:
    """Inside a transaction. Figures follow: what is kept counts for nobody in particular. Answers the digests of files that may go.

    `told` is what the events say of why.
    """
    tickets = lock_tickets(portal, ticket_ids, deleted=True)
    ids = [ticket.pk for ticket in tickets]
    mails = list(IncomingMail.objects.filter(portal=portal, ticket_id__in=ids).values_list("pk", flat=True))
    digests = [*empty_log(mails), *take_files(Q(ticket_id__in=ids)), *take_drafts(ids)]
    is_kept = kind == ErasureKind.ANONYMISE
    if is_kept:
        empty_conversations(ids)
    else:
        delete_conversations(ids)
        TicketFollower.objects.filter(ticket_id__in=ids).delete()
    harmless = _harmless_fields(portal)
    with kept_figures(portal, tickets):
        for ticket in tickets:
            _empty(ticket)
            ticket.custom = {name: value for name, value in ticket.custom.items() if is_kept and name in harmless}
            if not is_kept:
                _put_away(ticket)
            save_ticket(ticket)
    TicketWords.objects.filter(ticket_id__in=ids).delete()
    BulkRow.objects.filter(ticket_id__in=ids).update(before={"was": {}, "became": None})
    empty_ticket_events(ids)
    topic = "desk.ticket.anonymised" if is_kept else "desk.ticket.erased"
    write_facts([Fact(portal.tenant, topic, "desk.ticket", pk, dict(told)) for pk in ids], actor)
    return digests


def _empty(ticket: Ticket) -> None:
    """All that says who asked, and what in their own words."""
    ticket.contact = None
    ticket.subject = ticket.description_html = ticket.email = ticket.phone = ticket.created_by = (
        ticket.rating_comment
    ) = ""


def _put_away(ticket: Ticket) -> None:
    ticket.account = ticket.product = None
    ticket.rating, ticket.category, ticket.sub_category = "", "", ""
    ticket.message_count = ticket.comment_count = 0
    ticket.deleted_at = ticket.deleted_at or clock.now()
    ticket.erased_at = clock.now()


def _harmless_fields(portal: Portal) -> frozenset[str]:
    rows = TicketField.objects.filter(portal=portal, type__in=_NOBODYS_TYPES)
    return frozenset(rows.values_list("api_name", flat=True))
