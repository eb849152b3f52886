"""Opening, changing, closing and deleting tickets. Everything that people see of a ticket's life is an event written here."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from kakehashi.core import clock
from kakehashi.core.actors import Actor
from kakehashi.core.errors import InvalidValues, NotFound, StaleVersion
from kakehashi.core.events.log import Fact, write_fact, write_facts
from kakehashi.core.search.tokens import index_tokens
from kakehashi.desk.conversations.html import has_content, text_of_html
from kakehashi.desk.conversations.uploads import Upload, attach
from kakehashi.desk.customers.matching import find_or_create_contact
from kakehashi.desk.customers.models import Account, Contact
from kakehashi.desk.deadlines.following import follow_clocks, note_own_dates
from kakehashi.desk.portals.models import Department, Portal
from kakehashi.desk.portals.rights import require
from kakehashi.desk.statuses.queries import first_status
from kakehashi.desk.ticket_fields.cleaning import PREFIX
from kakehashi.desk.ticket_fields.queries import labels_of

from .changes import apply_values, require_assignment
from .fields import clean_ticket_values
from .models import StatusType, Ticket
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
    require(portal, actor, "may_create")
    moment = at or clock.now()
    given = {
        "status": "Open",
        **(values or {}),
        "subject": subject,
        "departmentId": department,
        "description": description_html,
    }
    ticket = Ticket(portal=portal, created_at=moment, modified_at=moment, last_activity_at=moment)
    if isinstance(department, Department) and department.portal_id == portal.pk:
        ticket.department = department  # spares looking it up
    ticket.message_count = 0 if opening_text is None else 1
    apply_values(ticket, clean_ticket_values(portal, given), at=moment)
    require_assignment(portal, actor, None, ticket.assignee_id)
    if contact is None and (contact_email or contact_last_name):
        contact = find_or_create_contact(
            portal, email=contact_email, last_name=contact_last_name, first_name=contact_first_name, actor=actor
        )
    _set_customer(ticket, contact, account, has_account="accountId" in given)
    ticket.created_by = actor.name
    _insert(ticket, actor, opening_text or "")
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
        for ticket, fact in changed:
            save_ticket(ticket, texts_changed=bool(_SEARCHED & fact.data["changes"].keys()))
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


def restore_ticket(ticket: Ticket, *, actor: Actor) -> None:
    restore_tickets(ticket.portal, ticket_ids=[ticket.pk], actor=actor)


@transaction.atomic
def restore_tickets(portal: Portal, *, ticket_ids: Sequence[int], actor: Actor) -> list[Ticket]:
    """Out of the recycle bin. Merged tickets come back by unmerging only."""
    require(portal, actor, "may_delete")
    tickets = [
        ticket
        for ticket in lock_tickets(portal, ticket_ids, deleted=True)
        if ticket.deleted_at is not None and ticket.merged_into_id is None
    ]
    return _mark(portal, tickets, None, "restored", actor)


def lock_tickets(portal: Portal, ticket_ids: Sequence[int], *, deleted: bool = False) -> list[Ticket]:
    """Rows locked in order of id, with their status. Raises `NotFound` if one is missing, or deleted unless that is wanted."""
    wanted = set(ticket_ids)
    rows = Ticket.objects.filter(portal=portal, id__in=wanted).select_related("status").defer("search").order_by("id")
    tickets = list(rows.select_for_update(of=("self",)))
    if len(tickets) != len(wanted) or (not deleted and any(ticket.deleted_at for ticket in tickets)):
        raise NotFound
    for ticket in tickets:
        ticket.portal = portal
    return tickets


def save_ticket(ticket: Ticket, *, texts_changed: bool = False) -> None:
    """Store a locked ticket as its next version."""
    ticket.version += 1
    ticket.modified_at = clock.now()
    if texts_changed:
        Ticket.objects.filter(pk=ticket.pk).update(search=search_tokens_of(ticket))
    stored = [
        field.name for field in Ticket._meta.concrete_fields if field.name not in {"id", "portal", "number", "search"}
    ]
    ticket.save(update_fields=stored)


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


def _set_customer(ticket: Ticket, contact: Contact | None, account: Account | None, *, has_account: bool) -> None:
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
    elif ticket.contact is not None and not has_account:
        ticket.account_id = ticket.contact.account_id


def _insert(ticket: Ticket, actor: Actor, opening_text: str) -> None:
    """The number is taken last: the portal's row stays locked only until the commit that follows at once."""
    tokens = search_tokens_of(ticket, opening_text)
    note_own_dates(ticket, ["dueDate", "responseDueDate"])
    follow_clocks(ticket.portal, [ticket])
    with kept_figures(ticket.portal, [ticket]):
        ticket.number = take_numbers(ticket.portal, 1)
        ticket.search = [*tokens, str(ticket.number)]
        ticket.save(force_insert=True)
    data = {"status_type": ticket.status.type}
    write_fact(Fact(ticket.portal.tenant, "desk.ticket.opened", "desk.ticket", ticket.pk, data), actor)


def take_numbers(portal: Portal, count: int) -> int:
    """The first of `count` numbers. A rolled-back transaction gives its numbers back, so there are no gaps."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE desk_portal SET next_ticket_number = next_ticket_number + %s WHERE id = %s RETURNING next_ticket_number",
            [count, portal.pk],
        )
        return int(cursor.fetchone()[0]) - count


def search_tokens_of(ticket: Ticket, opening_text: str = "") -> list[str]:
    texts = [str(ticket.number or ""), ticket.subject, ticket.email]
    if ticket.contact is not None:
        texts += [ticket.contact.name, ticket.contact.email]
    if ticket.account is not None:
        texts.append(ticket.account.account_name)
    if has_content(ticket.description_html):
        texts.append(text_of_html(ticket.description_html)[:10_000])
    elif opening_text or ticket.pk:
        texts.append(text_of_html(opening_text or _first_words(ticket))[:10_000])
    return index_tokens(" ".join(texts))


def _first_words(ticket: Ticket) -> str:
    """What the mail said that opened the ticket."""
    return str(ticket.messages.order_by("at", "id").values_list("text", flat=True).first() or "")


def _mark(portal: Portal, tickets: list[Ticket], at: datetime | None, topic: str, actor: Actor) -> list[Ticket]:
    with kept_figures(portal, tickets):
        for ticket in tickets:
            ticket.deleted_at = at
            save_ticket(ticket)
    write_facts([Fact(portal.tenant, f"desk.ticket.{topic}", "desk.ticket", t.pk) for t in tickets], actor)
    return tickets
