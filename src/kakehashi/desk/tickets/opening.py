"""New tickets, one or many: made in memory first, numbered and stored together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from kakehashi.core import clock
from kakehashi.core.actors import Actor
from kakehashi.core.errors import InvalidValues
from kakehashi.core.events.log import Fact, write_facts_of
from kakehashi.desk.customers.models import Account, Contact
from kakehashi.desk.deadlines.following import follow_clocks, note_own_dates
from kakehashi.desk.portals.models import Department, Portal
from kakehashi.desk.portals.rights import require
from kakehashi.desk.records.storing import insert_rows
from kakehashi.desk.statuses.queries import offered_statuses
from kakehashi.desk.ticket_search.actions import index_new
from kakehashi.desk.ticket_search.words import text_in

from .changes import apply_values, require_assignment
from .fields import clean_ticket_values
from .models import Status, Ticket
from .tallies import kept_figures

_OPEN = "Open"


@dataclass(frozen=True, slots=True)
class Opening:
    """A ticket that is wanted; what the parts mean is said at `tickets.actions.open_ticket`."""

    department: Department | str
    subject: str
    actor: Actor
    description_html: str = ""
    contact: Contact | None = None
    account: Account | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    opening_text: str | None = None
    at: datetime | None = None


@transaction.atomic
def open_tickets(portal: Portal, openings: Sequence[Opening]) -> list[Ticket]:
    """Tickets with the portal's next numbers, in the order given. As many statements for many as for one. Raises `InvalidValues`."""
    status = offered_statuses(portal).filter(name=_OPEN).first()
    tickets = [draft_ticket(portal, opening, status) for opening in openings]
    for ticket, opening in zip(tickets, openings, strict=True):
        set_customer(ticket, opening)
    insert_tickets(portal, tickets, openings)
    return tickets


def draft_ticket(portal: Portal, opening: Opening, status: Status | None = None) -> Ticket:
    """In memory, without its customer. `status` is the one called "Open", if that is known. Raises `InvalidValues`, `NotAllowed`."""
    require(portal, opening.actor, "may_create")
    moment = opening.at or clock.now()
    given = {"status": status or _OPEN, **opening.values}
    given |= {
        "subject": opening.subject,
        "departmentId": opening.department,
        "description": opening.description_html,
    }
    ticket = Ticket(portal=portal, created_at=moment, modified_at=moment, last_activity_at=moment)
    if isinstance(opening.department, Department) and opening.department.portal_id == portal.pk:
        ticket.department = opening.department  # spares looking it up
    if status is not None and given["status"] is status:
        ticket.status = status
    ticket.message_count = 0 if opening.opening_text is None else 1
    apply_values(ticket, clean_ticket_values(portal, given), at=moment)
    require_assignment(portal, opening.actor, None, ticket.assignee_id)
    ticket.created_by = opening.actor.name
    return ticket


def set_customer(ticket: Ticket, opening: Opening) -> None:
    contact, account = opening.contact, opening.account
    if contact is not None:
        if contact.portal_id != ticket.portal_id or contact.deleted_at:
            raise InvalidValues({"contactId": _("There is no such record.")})
        ticket.contact = contact
        ticket.email = ticket.email or contact.email
        ticket.phone = ticket.phone or contact.phone
    if account is not None and (account.portal_id != ticket.portal_id or account.deleted_at):
        raise InvalidValues({"accountId": _("There is no such record.")})
    if account is not None:
        ticket.account = account
    elif ticket.contact is not None and "accountId" not in opening.values:
        ticket.account = ticket.contact.account


def insert_tickets(portal: Portal, tickets: Sequence[Ticket], openings: Sequence[Opening]) -> None:
    """The numbers are taken last: the portal's row stays locked only until the commit that follows at once."""
    for ticket in tickets:
        note_own_dates(ticket, ["dueDate", "responseDueDate"])
    follow_clocks(portal, tickets)
    with kept_figures(portal, tickets):
        first = take_numbers(portal, len(tickets))
        for place, ticket in enumerate(tickets):
            ticket.number = first + place
        insert_rows(Ticket, tickets)
    pairs = list(zip(tickets, openings, strict=True))
    index_new(tickets, {ticket.pk: [text_in(opening.opening_text or "")] for ticket, opening in pairs})
    write_facts_of([(_opened(ticket), opening.actor) for ticket, opening in pairs])


def take_numbers(portal: Portal, count: int) -> int:
    """The first of `count` numbers. A rolled-back transaction gives its numbers back, so there are no gaps."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE desk_portal SET next_ticket_number = next_ticket_number + %s WHERE id = %s RETURNING next_ticket_number",
            [count, portal.pk],
        )
        return int(cursor.fetchone()[0]) - count


def _opened(ticket: Ticket) -> Fact:
    data = {"status_type": ticket.status.type}
    return Fact(ticket.portal.tenant, "desk.ticket.opened", "desk.ticket", ticket.pk, data)
