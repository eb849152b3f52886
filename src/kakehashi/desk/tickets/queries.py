"""Reading tickets: the Desk's own list, and the tickets of a set of customers. Costs depend on what is shown, not on how many there are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from kakehashi.core import clock
from kakehashi.core.among import as_bigints
from kakehashi.core.errors import NotFound
from kakehashi.core.fixed_reads import first_row, fixed_read
from kakehashi.core.planning import planned_once
from kakehashi.desk.customers.matching import contacts_with_email
from kakehashi.desk.portals.access import DeskAccess
from kakehashi.desk.portals.models import Portal

from .models import IN_BIN, IS_LIVE, Ticket

_ROW_RELATIONS = ("status", "department", "contact", "account", "product", "assignee__person", "team")
_OF_RECORDS = ("description", "custom", "search", "modified_by", "origin_key")
_OF_CUSTOMERS = (*_OF_RECORDS, "street", "city", "state", "country", "name_normal")
_NOT_IN_ROWS = (
    "description_html", "department__signature_html", "assignee__person__password",
    *(f"contact__{name}" for name in (*_OF_CUSTOMERS, "zip", "title", "more_phones", "more_phones_normal")),
    *(f"account__{name}" for name in (*_OF_CUSTOMERS, "website", "industry", "fax", "annualrevenue", "code")),
    *(f"product__{name}" for name in _OF_RECORDS),
)  # fmt: skip

_LINE_RELATIONS = ("status", "department", "contact", "account", "product", "assignee__person")
_IN_LINES = (
    "portal", "number", "subject", "status__name", "status__type", "priority", "channel", "department__name", "contact__last_name",
    "contact__first_name", "account__account_name", "product__product_name", "is_our_turn", "is_escalated", "created_at",
    "last_activity_at", "last_activity", "due_at", "response_due_at", "remaining_seconds", "closed_at", "deleted_at", "resolution_seconds", "rating", "email",
    *(f"assignee__person__{name}" for name in ("family_name", "given_name", "email")),
)  # fmt: skip


def ticket_rows() -> QuerySet[Ticket]:
    """Tickets with all that a list row shows, in one query."""
    return Ticket.objects.select_related(*_ROW_RELATIONS).defer(*_NOT_IN_ROWS)


def ticket_lines(ids: Sequence[int]) -> dict[int, Ticket]:
    """By id, for a short list whose columns nobody chooses: with what `rows.line_of`, its template and the bridge's `row_of` ask, and no more."""
    return {ticket.pk: ticket for ticket in _lines(ids)} if ids else {}


@fixed_read
def _lines(ids: Sequence[int]) -> QuerySet[Ticket]:
    return Ticket.objects.select_related(*_LINE_RELATIONS).only(*_IN_LINES).filter(pk__among=ids)


def rows_in_order(ids: Sequence[int]) -> list[Ticket]:
    """The same of a few, in the order of their ids: to find them first and read them then is quicker than both at once."""
    return _as_listed(ids, {ticket.pk: ticket for ticket in _rows(ids)} if ids else {})


def lines_in_order(ids: Sequence[int]) -> list[Ticket]:
    """`ticket_lines` in the order of the ids."""
    return _as_listed(ids, ticket_lines(ids))


def _as_listed(ids: Sequence[int], found: Mapping[int, Ticket]) -> list[Ticket]:
    return [found[one] for one in ids if one in found]


@fixed_read
def _rows(ids: Sequence[int]) -> QuerySet[Ticket]:
    return ticket_rows().filter(pk__among=ids)


def live_row(portal_id: int, ticket_id: int) -> Ticket | None:
    """The same of one that does not lie in the recycle bin, whoever may see it."""
    return first_row(_live(portal_id, ticket_id))


@fixed_read
def _live(portal_id: int, ticket_id: int) -> QuerySet[Ticket]:
    return ticket_rows().filter(portal_id=portal_id, pk=ticket_id, deleted_at=None)


def visible_tickets(access: DeskAccess) -> QuerySet[Ticket]:
    """Live tickets of the portal that this person may see: all of them, or those of their departments."""
    tickets = ticket_rows().filter(IS_LIVE, portal=access.portal)
    if access.department_ids is not None:
        tickets = tickets.filter(department_id__in=access.department_ids)
    return tickets


def binned_tickets(portal: Portal) -> QuerySet[Ticket]:
    """In the recycle bin. Merged and erased ones are not: they come back otherwise, or never."""
    return ticket_rows().filter(IN_BIN, portal=portal)


def find_ticket(access: DeskAccess, ticket_id: int) -> Ticket:
    """One visible ticket, live or in the recycle bin. Raises `NotFound`."""
    ticket = first_row(_whole(access.portal.pk, ticket_id))
    if ticket is None or not access.sees(ticket.department_id):
        raise NotFound
    ticket.portal = access.portal
    return ticket


@fixed_read
def _whole(portal_id: int, ticket_id: int) -> QuerySet[Ticket]:
    return Ticket.objects.select_related(*_ROW_RELATIONS).filter(portal_id=portal_id, pk=ticket_id)


@dataclass(frozen=True, slots=True)
class CustomerTickets:
    """One page of a customer's tickets, the latest activity first."""

    rows: list[Ticket]
    has_more: bool


def customer_tickets(  # noqa: PLR0913 - whose tickets, which of them, and which page
    portal: Portal,
    *,
    contact_ids: Sequence[int] = (),
    account_ids: Sequence[int] = (),
    emails: Sequence[str] = (),
    show: str = "all",
    agent_id: int | None = None,
    limit: int = 25,
    offset: int = 0,
    department_ids: Sequence[int] | None = None,
) -> CustomerTickets:
    """Live tickets of these contacts, accounts and addresses, each once. Reads the first rows of each index only."""
    contact_ids = with_contacts_of(portal, contact_ids, emails)
    condition, parameters = _sql_filter(show, agent_id, department_ids)
    wanted = limit + offset + 1
    with planned_once(), connection.cursor() as cursor:
        cursor.execute(
            _UNION.format(condition=condition),
            {
                "portal": portal.pk, "contacts": as_bigints(contact_ids), "accounts": as_bigints(account_ids),
                "wanted": wanted, "limit": limit + 1, "offset": offset, **parameters,
            },
        )  # fmt: skip
        ids = [row[0] for row in cursor.fetchall()]
    by_id = ticket_lines(ids[:limit])
    return CustomerTickets([by_id[ticket_id] for ticket_id in ids[:limit] if ticket_id in by_id], len(ids) > limit)


def with_contacts_of(portal: Portal, contact_ids: Sequence[int], emails: Sequence[str]) -> list[int]:
    """The contacts by id and those that own one of the addresses."""
    return sorted({*contact_ids, *(contact.pk for contact in contacts_with_email(portal, emails))})


_UNION = """
    SELECT id FROM (
        SELECT t.id, t.last_activity_at FROM unnest(%(accounts)s::bigint[]) AS a(id) CROSS JOIN LATERAL (
            SELECT id, last_activity_at FROM desk_ticket
            WHERE portal_id = %(portal)s AND account_id = a.id AND deleted_at IS NULL {condition}
            ORDER BY last_activity_at DESC, id DESC LIMIT %(wanted)s) t
        UNION
        SELECT t.id, t.last_activity_at FROM unnest(%(contacts)s::bigint[]) AS c(id) CROSS JOIN LATERAL (
            SELECT id, last_activity_at FROM desk_ticket
            WHERE portal_id = %(portal)s AND contact_id = c.id AND deleted_at IS NULL {condition}
            ORDER BY last_activity_at DESC, id DESC LIMIT %(wanted)s) t
    ) found ORDER BY last_activity_at DESC, id DESC LIMIT %(limit)s OFFSET %(offset)s
"""
_SQL_FILTERS = {
    "all": "",
    "open": "AND closed_at IS NULL",
    "overdue": "AND closed_at IS NULL AND due_at < %(now)s",
    "closed": "AND closed_at IS NOT NULL",
    "escalated": "AND is_escalated",
    "high_priority": "AND priority = 'High'",
    "mine": "AND closed_at IS NULL AND assignee_id = %(agent)s",
    "unassigned": "AND closed_at IS NULL AND assignee_id IS NULL",
}


def _sql_filter(show: str, agent_id: int | None, department_ids: Sequence[int] | None) -> tuple[str, dict[str, Any]]:
    condition = _SQL_FILTERS.get(show, "")
    if department_ids is not None:
        condition += " AND department_id = ANY(%(departments)s)"
    return condition, {"now": clock.now(), "agent": agent_id or 0, "departments": list(department_ids or ())}
