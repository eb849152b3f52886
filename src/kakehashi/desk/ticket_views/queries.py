"""A list of tickets: filtered, sorted, and read page by page from a place in the order, never by counting off rows."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from django.db.models import Q, QuerySet
from django.utils import timezone

from kakehashi.core import clock
from kakehashi.core.errors import Text
from kakehashi.core.filters.checking import problems_of, usable
from kakehashi.core.filters.definition import Filter
from kakehashi.core.filters.sql import Viewer, as_q
from kakehashi.core.filters.subjects import Subjects
from kakehashi.core.keyset import Place, first_of, place_of, read_page, read_place, rows_beyond
from kakehashi.core.patience import TookTooLong, at_most
from kakehashi.desk.outside_ranks.queries import RANK, with_ranks
from kakehashi.desk.portals.access import DeskAccess
from kakehashi.desk.portals.models import Agent, Portal
from kakehashi.desk.ticket_search.queries import searched
from kakehashi.desk.tickets.models import IS_OPEN, Ticket
from kakehashi.desk.tickets.queries import lines_in_order, rows_in_order, visible_tickets

from .subjects import as_asked_by

PAGE_ROWS = 50
COUNTED_ROWS = 1_000
_GLANCE_MILLISECONDS = 250
# By column and id. The second says whether a column may be empty; empty ones come last.
SORTS: dict[str, tuple[str, bool]] = {
    "activity": ("last_activity_at", False),
    "number": ("number", False),
    "created": ("number", False),  # numbers are given in the order of opening
    "due": ("due_at", True),  # of those still open
}


@dataclass(frozen=True, slots=True)
class ListPage:
    tickets: Sequence[Ticket]
    total: int
    is_counted: bool  # False: there are more than `total`
    previous: str
    next: str


def list_tickets(
    rows: QuerySet[Ticket], sort: str, *, after: str = "", before: str = "", in_full: bool = False
) -> ListPage:
    """One page. Four queries, however many tickets there are. Rows in an order from outside come `ranked`. `in_full` for a list whose columns
    somebody chose, else with what a line shows.
    """
    rows = listed(rows, sort)
    column, may_be_empty = SORTS.get(sort.removeprefix("-"), (RANK, True))
    page = read_page(
        rows,
        column,
        is_falling=sort.startswith("-"),
        after=after,
        before=before,
        may_be_empty=may_be_empty,
        size=PAGE_ROWS,
        fetch=first_of if column == RANK else partial(_first, rows_in_order if in_full else lines_in_order),
    )
    total = len(page.rows) if page.is_whole else capped_count(rows, COUNTED_ROWS)
    return ListPage(page.rows, min(total, COUNTED_ROWS), total <= COUNTED_ROWS, page.previous, page.next)


def _first(read: Callable[[Sequence[int]], list[Ticket]], ordered: QuerySet[Ticket], most: int) -> list[Ticket]:
    return read(list(ordered.values_list("pk", flat=True)[:most]))


def listed(rows: QuerySet[Ticket], sort: str) -> QuerySet[Ticket]:
    """What a list in this order shows: closed tickets are not due any more."""
    return rows.filter(closed_at__isnull=True) if sort.removeprefix("-") == "due" else rows


def ranked(rows: QuerySet[Ticket], portal: Portal, sort: str) -> QuerySet[Ticket]:
    """The same tickets, with their ranks where the order comes from outside the Desk."""
    key = sort.removeprefix("-")
    return rows if key in SORTS else with_ranks(rows, portal, key)


def every_ticket(rows: QuerySet[Ticket], sort: str, *, batch: int) -> Iterator[list[Ticket]]:
    """All tickets of a list in its order, batch by batch, however many there are."""
    column, may_be_empty = SORTS.get(sort.removeprefix("-"), (RANK, True))
    place: Place | None = None
    while found := rows_beyond(
        rows, column, place, is_falling=sort.startswith("-"), may_be_empty=may_be_empty, most=batch
    ):
        yield found
        place = read_place(place_of(found[-1], column))


def chosen_tickets(access: DeskAccess, subjects: Subjects, asked: Filter, text: str = "") -> QuerySet[Ticket]:
    """The visible tickets that fit a filter and words."""
    rows = fitting(visible_tickets(access), access, subjects, asked)
    return searched(rows, access.portal.pk, text)[0] if text else rows


def fitting(rows: QuerySet[Ticket], access: DeskAccess, subjects: Subjects, asked: Filter) -> QuerySet[Ticket]:
    """Those that fit a filter as this person asks it."""
    if not asked:
        return rows
    subjects = as_asked_by(access.agent, lambda: team_of(access), subjects)
    fit = usable(asked, subjects)
    return rows.filter(as_q(fit, subjects, viewer_of(access, fit), tenant_id=access.portal.pk, store="custom"))


def problems_with(asked: Filter, subjects: Subjects) -> list[Text]:
    return problems_of(asked, subjects) if asked else []


def viewer_of(access: DeskAccess, asked: Filter) -> Viewer:
    """ "Me" is one's seat; "my team" are those who share a department with it. No query unless the filter asks for the team."""
    asks_for_team = any("team" in condition.values for condition in asked)
    zone = timezone.get_current_timezone()
    team = team_of(access) if asks_for_team else frozenset()
    return Viewer(access.agent.pk, team, clock.now().astimezone(zone).date(), zone)


def team_of(access: DeskAccess) -> frozenset[int]:
    seats = Agent.objects.filter(portal=access.portal)
    if access.department_ids is not None:
        seats = seats.filter(Q(departments__in=access.department_ids) | Q(pk=access.agent.pk))
    return frozenset(seats.values_list("pk", flat=True))


def glance_counts(access: DeskAccess, subjects: Subjects, filters: Sequence[Filter]) -> list[int | None]:
    """How many tickets each filter finds, up to `COUNTED_ROWS` + 1; None where the answer would take too long."""
    return [_glance(chosen_tickets(access, subjects, asked)) for asked in filters]


def capped_count(rows: QuerySet[Ticket], most: int) -> int:
    return rows.order_by().values("pk")[: most + 1].count()


def open_in_status(rows: QuerySet[Ticket], status_id: int, *, is_closed: bool, most: int) -> list[int]:
    """The ids of the latest of one column of the board."""
    rows = rows.filter(status_id=status_id)
    latest = (rows if is_closed else rows.filter(IS_OPEN)).order_by("-last_activity_at", "-id")
    return list(latest.values_list("pk", flat=True)[:most])


def _glance(rows: QuerySet[Ticket]) -> int | None:
    try:
        with at_most(_GLANCE_MILLISECONDS, by_index=True):
            return capped_count(rows, COUNTED_ROWS)
    except TookTooLong:
        return None
