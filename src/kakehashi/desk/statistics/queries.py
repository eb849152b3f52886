"""Statistics of customers, products or departments: two short queries, however many tickets there are (spec N1; design §7)."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from kakehashi.core import clock
from kakehashi.core.planning import planned_once
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.tickets.counting import COUNTED
from kakehashi.desk.tickets.fields import CHANNELS
from kakehashi.desk.tickets.figures import FIGURES
from kakehashi.desk.tickets.kept import (
    IN_DEPARTMENTS,
    IS_OF_OTHERS,
    MONTHS_OF_CUSTOMERS,
    ROWS_OF_DEPARTMENTS,
    ROWS_OF_PRODUCTS,
    whose_rows,
)
from kakehashi.desk.tickets.queries import with_contacts_of
from kakehashi.desk.tickets.tally_models import Grain
from kakehashi.ui.statistics.figures import Point, Report, Summary
from kakehashi.ui.statistics.periods import Basis, Period, Span, Window, steps_of, window_of

from .figures import summary_of

_MOST_PRODUCTS = 20


@dataclass(frozen=True, slots=True)
class Customers:
    """Whose tickets: each of them once, though both its contact and its account are named. `ticket_ids` are some of anybody's besides."""

    contact_ids: tuple[int, ...] = ()
    account_ids: tuple[int, ...] = ()
    emails: tuple[str, ...] = ()
    ticket_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Departments:
    """All tickets of these departments; None for all that there are."""

    ids: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Products:
    """All tickets about these products."""

    ids: tuple[int, ...]


Whose = Customers | Departments | Products


def statistics(
    portal: Portal,
    whose: Whose,
    *,
    period: Period = Period.LAST_12_MONTHS,
    basis: Basis | None = None,
    department_ids: Sequence[int] | None = None,
) -> Report:
    """The tickets received in the period, in the portal's time zone. `department_ids` are those that the reader may see, None for all.

    Averages count the time of `basis`; None is what the portal has chosen.
    """
    window = window_in(portal, period)
    parameters = _parameters(portal, whose, window, department_ids)
    with _planning(whose, window):
        rows = _read_rows(_statement(whose, window), parameters)
        late = _count_overdue(_LATE[type(whose)], parameters)
    if isinstance(whose, Customers) and whose.ticket_ids:
        rows = _added(rows, _read_rows(_OF_OTHERS, parameters))
    return _report(window, Basis(basis or portal.figures_basis), rows, late)


def by_department(
    portal: Portal, *, period: Period, basis: Basis | None = None, department_ids: Sequence[int] | None = None
) -> dict[int, Summary]:
    """The same for each department by its id, without what is overdue; one query."""
    window = window_in(portal, period)
    parameters = _parameters(portal, Departments(), window, department_ids)
    chosen = Basis(basis or portal.figures_basis)
    with connection.cursor() as cursor:
        cursor.execute(_BY_DEPARTMENT, parameters)
        return {row[0]: summary_of(dict(zip(FIGURES, row[1:], strict=True)), chosen) for row in cursor.fetchall()}


def by_product(
    portal: Portal, *, period: Period, basis: Basis | None = None, department_ids: Sequence[int] | None = None
) -> dict[int, Summary]:
    """The same for the products that most tickets were about, the most first; one query."""
    window = window_in(portal, period)
    parameters = _parameters(portal, Departments(), window, department_ids) | {"most": _MOST_PRODUCTS}
    chosen = Basis(basis or portal.figures_basis)
    with connection.cursor() as cursor:
        cursor.execute(_BY_PRODUCT, parameters)
        return {row[0]: summary_of(dict(zip(FIGURES, row[1:], strict=True)), chosen) for row in cursor.fetchall()}


def window_in(portal: Portal, period: Period) -> Window:
    """As of today, where the portal is."""
    return window_of(period, clock.now().astimezone(ZoneInfo(portal.time_zone)).date())


_Rows = dict[date, tuple[int, ...]]  # in the order of FIGURES


def _parameters(portal: Portal, whose: Whose, window: Window, seen: Sequence[int] | None) -> dict[str, Any]:
    since = datetime.combine(window.first, time.min, ZoneInfo(portal.time_zone)) if window.first else None
    common = {
        "zone": portal.time_zone,
        "now": clock.now(),
        "since_moment": since,
        "grain": Grain.DAY if window.counts_days else Grain.MONTH,
    }
    if isinstance(whose, Departments):
        wanted = seen if whose.ids is None else [one for one in whose.ids if seen is None or one in seen]
        return whose_rows(portal, (), (), None if wanted is None else list(wanted), window.first) | common
    if isinstance(whose, Products):
        departments = None if seen is None else list(seen)
        return whose_rows(portal, (), (), departments, window.first) | common | {"products": list(whose.ids)}
    contacts = with_contacts_of(portal, whose.contact_ids, whose.emails)
    departments = None if seen is None else list(seen)
    rows = whose_rows(portal, contacts, whose.account_ids, departments, window.first)
    return rows | common | {"tickets": list(whose.ticket_ids)}


def _statement(whose: Whose, window: Window) -> str:
    if isinstance(whose, Departments):
        return _OF_DEPARTMENTS
    if isinstance(whose, Products):
        return _OF_PRODUCTS
    return _DAYS_OF_CUSTOMERS if window.counts_days else _OF_CUSTOMERS


def _planning(whose: Whose, window: Window) -> AbstractContextManager[None]:
    """What is kept of some customers is found in one way, whoever they are. Days are counted from tickets, and the best way depends on how many."""
    return planned_once() if isinstance(whose, Customers) and not window.counts_days else nullcontext()


def _read_rows(statement: str, parameters: dict[str, Any]) -> _Rows:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return {row[0]: row[1:] for row in cursor.fetchall()}


def _added(some: _Rows, more: _Rows) -> _Rows:
    both = {day: tuple(map(sum, zip(some[day], more[day], strict=True))) for day in some.keys() & more.keys()}
    return some | more | both


def _count_overdue(statement: str, parameters: dict[str, Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return int(cursor.fetchone()[0])


def _report(window: Window, basis: Basis, rows: _Rows, overdue: int) -> Report:
    step, spans = steps_of(window, sorted(rows))
    points = tuple(Point(span, summary_of(_sum_within(rows, span), basis)) for span in spans)
    everything = _sum_within(rows, Span(date.min, date.max))
    return Report(window, basis, step, summary_of(everything, basis, overdue), points, CHANNELS)


def _sum_within(rows: _Rows, span: Span) -> dict[str, int]:
    found = [figures for day, figures in rows.items() if span.first <= day <= span.last]
    return dict(zip(FIGURES, map(sum, zip(*found, strict=True)), strict=True)) if found else {}


_SUMS = ", ".join(f"sum({name})::bigint" for name in FIGURES)
_SINCE = "(%(since_moment)s::timestamptz IS NULL OR t.created_at >= %(since_moment)s::timestamptz)"
_OF_CUSTOMERS = f"SELECT since, {_SUMS} FROM ({MONTHS_OF_CUSTOMERS}) months GROUP BY since"  # noqa: S608 - our own names
_OF_DEPARTMENTS = f"SELECT since, {_SUMS} FROM ({ROWS_OF_DEPARTMENTS}) kept GROUP BY since"  # noqa: S608 - our own names
_OF_PRODUCTS = f"SELECT since, {_SUMS} FROM ({ROWS_OF_PRODUCTS}) kept GROUP BY since"  # noqa: S608 - our own names
_BY_DEPARTMENT = f"""
    SELECT department_id, {_SUMS} FROM desk_departmenttally
    WHERE portal_id = %(portal)s AND grain = %(grain)s AND {IN_DEPARTMENTS} AND (%(since)s::date IS NULL OR since >= %(since)s::date)
    GROUP BY department_id
"""  # noqa: S608 - our own names
_BY_PRODUCT = f"""
    SELECT product_id, {_SUMS} FROM desk_producttally
    WHERE portal_id = %(portal)s AND {IN_DEPARTMENTS} AND (%(since)s::date IS NULL OR day >= %(since)s::date)
    GROUP BY product_id HAVING sum(total) > 0 ORDER BY sum(total) DESC, product_id LIMIT %(most)s
"""  # noqa: S608 - our own names
# No days are kept of customers: those of a few weeks are counted from the tickets, found by the moment of their opening; each once.
_DAYS_OF_CUSTOMERS = f"""
    SELECT (t.created_at AT TIME ZONE %(zone)s)::date, {COUNTED} FROM (
        SELECT * FROM desk_ticket t WHERE portal_id = %(portal)s AND account_id = ANY(%(accounts)s::bigint[]) AND {_SINCE}
        UNION ALL
        SELECT * FROM desk_ticket t WHERE portal_id = %(portal)s AND contact_id = ANY(%(contacts)s::bigint[]) AND {_SINCE}
            AND (account_id IS NULL OR account_id <> ALL(%(accounts)s::bigint[]))
    ) t JOIN desk_status s ON s.id = t.status_id
    WHERE (t.deleted_at IS NULL OR t.is_spam) AND {IN_DEPARTMENTS} GROUP BY 1
"""  # noqa: S608 - our own names
# A few chosen tickets, as far as they are not the customers' own; by the first of the month where the others are.
_OF_OTHERS = f"""
    SELECT date_trunc(%(grain)s, t.created_at AT TIME ZONE %(zone)s)::date, {COUNTED}
    FROM desk_ticket t JOIN desk_status s ON s.id = t.status_id
    WHERE t.portal_id = %(portal)s AND t.id = ANY(%(tickets)s::bigint[]) AND {IS_OF_OTHERS} AND {_SINCE}
        AND (t.deleted_at IS NULL OR t.is_spam) AND {IN_DEPARTMENTS} GROUP BY 1
"""  # noqa: S608 - our own names
_IS_LATE = f"""
    FROM desk_ticket t WHERE portal_id = %(portal)s AND deleted_at IS NULL AND closed_at IS NULL
        AND due_at IS NOT NULL AND due_at < %(now)s AND {IN_DEPARTMENTS} AND {_SINCE}
"""
_LATE_OF_CUSTOMERS = f"""
    SELECT count(*) FROM (
        SELECT id {_IS_LATE} AND account_id IS NOT NULL AND account_id = ANY(%(accounts)s::bigint[])
        UNION
        SELECT id {_IS_LATE} AND contact_id IS NOT NULL AND contact_id = ANY(%(contacts)s::bigint[])
        UNION
        SELECT id {_IS_LATE} AND id = ANY(%(tickets)s::bigint[])) late
"""  # noqa: S608 - our own names
_LATE: Mapping[type[Whose], str] = {
    Customers: _LATE_OF_CUSTOMERS,
    Products: f"SELECT count(*) {_IS_LATE} AND product_id = ANY(%(products)s::bigint[])",
    Departments: f"SELECT count(*) {_IS_LATE}",
}
