"""The tickets of a set of customers: filtered, sorted, and read from a place in the order.

They are found by contact and by account, and each of these has indexes in every order. So the database is told to look for the first few of
each and to merge what it finds: what a page costs depends on how many customers there are, not on how many tickets they have.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import DateTimeField, F, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone

from kakehashi.core import clock
from kakehashi.core.among import as_bigints
from kakehashi.core.filters.checking import usable
from kakehashi.core.filters.definition import Filter
from kakehashi.core.filters.sql import Viewer, as_q
from kakehashi.core.filters.subjects import Subjects
from kakehashi.core.keyset import Page, read_page
from kakehashi.core.planning import planned_once
from kakehashi.desk.portals.access import DeskAccess
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.tickets.models import IN_BIN, IS_LIVE, IS_OPEN, Priority, Ticket
from kakehashi.desk.tickets.queries import lines_in_order

from .queries import team_of, viewer_of
from .subjects import as_asked_by

# By column; the second says whether it may be empty. What is due is asked of open tickets only.
SORTS: Mapping[str, tuple[str, bool]] = {
    "activity": ("last_activity_at", False),
    "created": ("created_at", False),
    "due": ("due_at", True),
}
_NEVER_EMPTY = ("last_activity_at", "created_at")
_Shown = Callable[[int, datetime], Q]  # (the reader's seat, now)
_SHOWN: Mapping[str, _Shown] = {
    "open": lambda _agent, _now: IS_OPEN,
    "overdue": lambda _agent, now: IS_OPEN & Q(due_at__lt=now),
    "closed": lambda _agent, _now: Q(closed_at__isnull=False),
    "escalated": lambda _agent, _now: Q(is_escalated=True),
    "high_priority": lambda _agent, _now: Q(priority=Priority.HIGH),
    "mine": lambda agent, _now: IS_OPEN & Q(assignee_id=agent),
}


@dataclass(frozen=True, slots=True)
class Whose:
    """Contacts and accounts by id: a ticket belongs to them when it names one or the other."""

    contact_ids: Sequence[int] = ()
    account_ids: Sequence[int] = ()


def fitting_tickets(
    portal: Portal, access: DeskAccess | None, *, show: str = "all", asked: Filter, subjects: Subjects
) -> QuerySet[Ticket]:
    """Live tickets, or the spam in the recycle bin, whoever's they are, that fit a pill and a filter. Without a seat nobody is "me", and every
    department is seen.
    """
    rows = Ticket.objects.filter(IN_BIN & Q(is_spam=True) if show == "spam" else IS_LIVE, portal=portal)
    if access and access.department_ids is not None:
        rows = rows.filter(department_id__in=access.department_ids)
    if show in _SHOWN:
        rows = rows.filter(_SHOWN[show](access.agent.pk if access else 0, clock.now()))
    return rows.filter(_as_asked(portal, access, asked, subjects)) if asked else rows


def read_customers_page(
    rows: QuerySet[Ticket],
    whose: Whose,
    sort: str,
    *,
    after: str = "",
    before: str = "",
    size: int,
    is_usual: bool = False,
) -> Page[Ticket]:
    """Two queries, three around the border to what has no due date. Raises `NotFound` for a place that is none of ours.

    `is_usual` says that nothing was asked of the rows but a pill: then one plan serves everybody's.
    """
    column, may_be_empty = SORTS[sort.removeprefix("-")]
    if column == "due_at":
        rows = rows.filter(IS_OPEN)
    return read_page(
        rows,
        column,
        is_falling=sort.startswith("-"),
        after=after,
        before=before,
        may_be_empty=may_be_empty,
        size=size,
        fetch=lambda ordered, most: lines_in_order(_ids(ordered, whose, column, most, is_usual=is_usual)),
    )


def count_of_customers(rows: QuerySet[Ticket], whose: Whose, most: int) -> int:
    """How many there are, up to `most` + 1."""
    return len(_ids(rows.order_by("pk"), whose, "id", most + 1))


def _ids(ordered: QuerySet[Ticket], whose: Whose, column: str, most: int, *, is_usual: bool = False) -> list[int]:
    """The first of these customers' tickets, each once."""
    direction = "DESC" if _is_falling(ordered) else "ASC"
    accounts = _latest_of(ordered, "account_id", whose.account_ids, column, most)
    others = _not_beyond(ordered, column, direction, most) if accounts else ordered
    contacts = _latest_of(others, "contact_id", whose.contact_ids, column, most)
    if not (accounts or contacts):
        return []
    with planned_once() if is_usual else nullcontext():
        return _merged(accounts, contacts, direction, most)


_Part = tuple[str, list[Any]]  # a statement that answers (id, place), and its parameters


def _latest_of(ordered: QuerySet[Ticket], name: str, ids: Sequence[int], column: str, most: int) -> _Part | None:
    """The first few of each of these, looked up one by one. None for nobody."""
    if not ids:
        return None
    of_one = ordered.filter(**{name: RawSQL("whose.id", ())}).values_list("pk", F(column))[:most]
    statement, parameters = of_one.query.sql_with_params()
    found = (
        f"SELECT found.* FROM unnest(%s::bigint[]) AS whose(id) CROSS JOIN LATERAL ({statement}) AS found(id, place)"  # noqa: S608 - our own names
    )
    return found, [as_bigints(ids), *parameters]


def _not_beyond(ordered: QuerySet[Ticket], column: str, direction: str, most: int) -> QuerySet[Ticket]:
    """As far as the accounts' own tickets reach, which are read first (`own`): what comes after a page full of them is not looked at."""
    if column not in _NEVER_EMPTY:
        return ordered
    lookup, last, open_end = ("gte", "min", "-infinity") if direction == "DESC" else ("lte", "max", "infinity")
    border = f"(SELECT CASE WHEN count(*) >= %s THEN {last}(place) ELSE '{open_end}' END FROM own)"  # noqa: S608 - our own words
    return ordered.filter(**{f"{column}__{lookup}": RawSQL(border, (most,), DateTimeField())})  # noqa: S611 - our own words


def _merged(accounts: _Part | None, contacts: _Part | None, direction: str, most: int) -> list[int]:
    parts = [part for part in (accounts, contacts) if part]
    first, *rest = [statement for statement, _parameters in parts]
    union = " UNION ".join(["SELECT * FROM own", *rest])
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH own AS ({first}) SELECT id FROM ({union}) every ORDER BY place {direction}, id {direction} LIMIT %s",  # noqa: S608 - our own names
            [*(one for _statement, parameters in parts for one in parameters), most],
        )
        return [row[0] for row in cursor.fetchall()]


def _is_falling(ordered: QuerySet[Ticket]) -> bool:
    last: Any = ordered.query.order_by[-1]
    return last.startswith("-") if isinstance(last, str) else bool(last.descending)


def _as_asked(portal: Portal, access: DeskAccess | None, asked: Filter, subjects: Subjects) -> Q:
    if access:
        subjects = as_asked_by(access.agent, lambda: team_of(access), subjects)
    fit = usable(asked, subjects)
    viewer = viewer_of(access, fit) if access else _nobody()
    return as_q(fit, subjects, viewer, tenant_id=portal.pk, store="custom")


def _nobody() -> Viewer:
    zone = timezone.get_current_timezone()
    return Viewer(0, frozenset(), clock.now().astimezone(zone).date(), zone)
