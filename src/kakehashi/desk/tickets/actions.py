"""Opening, changing, closing and deleting tickets. Everything that people see of a ticket's life is an event written here."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction

from kakehashi.core import clock
from kakehashi.core.actors import Actor
from kakehashi.core.errors import NotFound, StaleVersion
from kakehashi.core.events.log import Fact, write_facts
from kakehashi.desk.conversations.uploads import Upload, attach
from kakehashi.desk.customers.matching import find_or_create_contact
from kakehashi.desk.customers.models import Account, Contact
from kakehashi.desk.deadlines.following import follow_clocks, note_own_dates
from kakehashi.desk.portals.models import Department, Portal
from kakehashi.desk.portals.rights import require
from kakehashi.desk.records.storing import update_rows
from kakehashi.desk.statuses.queries import first_status
from kakehashi.desk.ticket_fields.cleaning import PREFIX
from kakehashi.desk.ticket_fields.queries import labels_of
from kakehashi.desk.ticket_search.actions import index_tickets

from .changes import apply_values, require_assignment
from .fields import clean_ticket_values
from .models import StatusType, Ticket
from .opening import Opening, draft_ticket, insert_tickets, set_customer
from .tallies import kept_figures

_SEARCHED = {"subject", "contactId", "accountId", "email", "description"}
_MOVES_CLOCKS = {"status", "priority", "departmentId", "accountId", "dueDate", "responseDueDate"}


@transaction.atomic
def open_ticket(  # noqa: PLR0913 - a ticket has that many parts, and callers name them
    portal: Portal,
    *,
    department: Department | str,
    subject: str,
    description_html: str = "",
    contact: Contact | None = None,
    contact_email: str = "",
    contact_last_name: str = "",
    contact_first_name: str = "",
    account: Account | None = None,
    values: Mapping[str, Any] | None = None,
    uploads: Sequence[Upload] = (),
    opening_text: str | None = None,
    actor: Actor,
    at: datetime | None = None,
) -> Ticket:
    """A new ticket with the portal's next number, for a known contact or for one found or made by e-mail and name.

    The account is the one given, else the contact's at this moment; later changes of the contact do not touch it.
    `department` may be its id, as forms send it. `opening_text` is what a ticket that comes as a mail is found by: the mail itself becomes its first message.
    Raises `InvalidValues` keyed by Desk API names.
    """
    opening = Opening(
        department, subject, actor, description_html, contact, account, values or {}, opening_text, at or clock.now()
    )
    ticket = draft_ticket(portal, opening)
    if contact is None and (contact_email or contact_last_name):
        found = find_or_create_contact(
            portal, email=contact_email, last_name=contact_last_name, first_name=contact_first_name, actor=actor
        )
        opening = replace(opening, contact=found)
    set_customer(ticket, opening)
    insert_tickets(portal, [ticket], [opening])
    attach(ticket, uploads, html=description_html, actor=actor)
    return ticket


def update_ticket(ticket: Ticket, *, values: Mapping[str, Any], actor: Actor, version: int | None = None) -> Ticket:
    """Change the given fields. Nothing happens when nothing differs. Raises `InvalidValues`, `StaleVersion`."""
    return update_tickets(ticket.portal, ticket_ids=[ticket.pk], values=values, actor=actor, version=version)[0]


@transaction.atomic
def update_tickets(
    portal: Portal, *, ticket_ids: Sequence[int], values: Mapping[str, Any], actor: Actor, version: int | None = None
) -> list[Ticket]:
    """The same change to several tickets; all or none."""
    require(portal, actor, "may_update")
    columns = clean_ticket_values(portal, values)
    tickets = lock_tickets(portal, ticket_ids)
    with kept_figures(portal, tickets):
        calm = {ticket.pk for ticket in tickets if not ticket.is_escalated}
        changed = [(ticket, fact) for ticket in tickets if (fact := _change(ticket, columns, version, actor))]
        follow_clocks(portal, [ticket for ticket, fact in changed if _MOVES_CLOCKS & fact.data["changes"].keys()])
        save_tickets([ticket for ticket, _fact in changed])
    index_tickets([ticket.pk for ticket, fact in changed if _SEARCHED & fact.data["changes"].keys()])
    escalated = [ticket for ticket, _fact in changed if ticket.is_escalated and ticket.pk in calm]
    facts = [Fact(portal.tenant, "desk.ticket.escalated", "desk.ticket", ticket.pk) for ticket in escalated]
    write_facts([*(fact for _ticket, fact in changed), *facts], actor)
    return tickets


def close_ticket(ticket: Ticket, *, actor: Actor) -> Ticket:
    return close_tickets(ticket.portal, ticket_ids=[ticket.pk], actor=actor)[0]


def close_tickets(portal: Portal, *, ticket_ids: Sequence[int], actor: Actor) -> list[Ticket]:
    """Put tickets that are not closed yet into the portal's first closed status."""
    closing = first_status(portal, StatusType.CLOSED)
    still_open = Ticket.objects.filter(portal=portal, id__in=ticket_ids, closed_at__isnull=True).values_list(
        "id", flat=True
    )
    update_tickets(portal, ticket_ids=list(still_open), values={"status": closing.name}, actor=actor)
    return list(Ticket.objects.filter(portal=portal, id__in=ticket_ids).select_related("status"))


def delete_ticket(ticket: Ticket, *, actor: Actor) -> None:
    delete_tickets(ticket.portal, ticket_ids=[ticket.pk], actor=actor)


@transaction.atomic
def delete_tickets(portal: Portal, *, ticket_ids: Sequence[int], actor: Actor) -> list[Ticket]:
    """Move to the recycle bin. Those already there are left out of the answer."""
    require(portal, actor, "may_delete")
    tickets = [ticket for ticket in lock_tickets(portal, ticket_ids, deleted=True) if ticket.deleted_at is None]
    return _mark(portal, tickets, clock.now(), "deleted", actor)


@transaction.atomic
def mark_as_spam(portal: Portal, *, ticket_ids: Sequence[int], actor: Actor) -> list[Ticket]:
    """Into the recycle bin as spam, which figures count apart. Those in the bin already are left out of the answer."""
    require(portal, actor, "may_delete")
    tickets = [ticket for ticket in lock_tickets(portal, ticket_ids, deleted=True) if ticket.deleted_at is None]
    return _mark(portal, tickets, clock.now(), "marked_as_spam", actor, is_spam=True)


def restore_ticket(ticket: Ticket, *, actor: Actor) -> None:
    restore_tickets(ticket.portal, ticket_ids=[ticket.pk], actor=actor)


@transaction.atomic
def restore_tickets(portal: Portal, *, ticket_ids: Sequence[int], actor: Actor) -> list[Ticket]:
    """Out of the recycle bin. Merged tickets come back by unmerging only, erased ones never."""
    require(portal, actor, "may_delete")
    tickets = [
        ticket
        for ticket in lock_tickets(portal, ticket_ids, deleted=True)
        if ticket.deleted_at is not None and ticket.merged_into_id is None and ticket.erased_at is None
    ]
    return _mark(portal, tickets, None, "restored", actor)


def lock_tickets(portal: Portal, ticket_ids: Sequence[int], *, deleted: bool = False) -> list[Ticket]:
    """Rows locked in order of id, with their status. Raises `NotFound` if one is missing, or deleted unless that is wanted."""
    wanted = set(ticket_ids)
    rows = Ticket.objects.filter(portal=portal, id__in=wanted).select_related("status").order_by("id")
    tickets = list(rows.select_for_update(of=("self",)))
    if len(tickets) != len(wanted) or (not deleted and any(ticket.deleted_at for ticket in tickets)):
        raise NotFound
    for ticket in tickets:
        ticket.portal = portal
    return tickets


def save_ticket(ticket: Ticket) -> None:
    """Store a locked ticket as its next version."""
    save_tickets([ticket])


def save_tickets(tickets: Sequence[Ticket]) -> None:
    """Store locked tickets as their next versions."""
    for ticket in tickets:
        ticket.version += 1
        ticket.modified_at = clock.now()
    stored = [field.name for field in Ticket._meta.concrete_fields if field.name not in {"id", "portal", "number"}]
    update_rows(Ticket, tickets, stored)


def _change(ticket: Ticket, columns: Mapping[str, Any], version: int | None, actor: Actor) -> Fact | None:
    """Set the columns in memory; answers what there is to tell, None where nothing differs."""
    if version is not None and ticket.version != version:
        raise StaleVersion
    if "assignee_id" in columns:
        require_assignment(ticket.portal, actor, ticket.assignee_id, columns["assignee_id"])
    was_closed, type_before = ticket.closed_at is not None, ticket.status.type
    changes = apply_values(ticket, columns, at=clock.now())
    if not changes:
        return None
    note_own_dates(ticket, list(changes))
    data: dict[str, Any] = {"changes": changes}
    if own := [name for name in changes if name.startswith(PREFIX)]:
        data["labels"] = labels_of(ticket.portal, own)
    if "status" in changes:
        data["status_types"] = [type_before, ticket.status.type]
    is_closed = ticket.closed_at is not None
    topic = "updated" if is_closed == was_closed else "closed" if is_closed else "reopened"
    return Fact(ticket.portal.tenant, f"desk.ticket.{topic}", "desk.ticket", ticket.pk, data)


def _mark(
    portal: Portal, tickets: list[Ticket], at: datetime | None, topic: str, actor: Actor, *, is_spam: bool = False
) -> list[Ticket]:
    with kept_figures(portal, tickets):
        for ticket in tickets:
            ticket.deleted_at, ticket.is_spam = at, is_spam
        save_tickets(tickets)
    write_facts([Fact(portal.tenant, f"desk.ticket.{topic}", "desk.ticket", t.pk) for t in tickets], actor)
    return tickets
