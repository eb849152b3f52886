"""Counts and averages from the kept figures, and overdue from its own partial index: one query each (spec N1, T2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from kakehashi.core import clock
from kakehashi.core.planning import planned_once
from kakehashi.desk.portals.access import DeskAccess
from kakehashi.desk.portals.models import FiguresBasis, Portal

from .figures import FIGURES
from .kept import IN_DEPARTMENTS, MONTHS_OF_CUSTOMERS, ROWS_OF_DEPARTMENTS, whose_rows
from .queries import with_contacts_of
from .tally_models import Grain


@dataclass(frozen=True, slots=True)
class Statistics:
    """`open` are all that are not closed. Averages are in seconds, None where nothing was measured."""

    total: int
    open: int
    on_hold: int
    closed: int
    escalated: int
    high_priority: int
    spam: int
    overdue: int
    mine: int
    unassigned: int
    first_response_seconds: float | None
    resolution_seconds: float | None
    good: int
    okay: int
    bad: int

    @property
    def rated(self) -> int:
        return self.good + self.okay + self.bad

    @property
    def good_percent(self) -> int:
        return round(100 * self.good / self.rated) if self.rated else 0

    def counts(self) -> dict[str, int]:
        """By the names of the filter pills."""
        return {
            "all": self.total, "open": self.open, "overdue": self.overdue, "closed": self.closed, "escalated": self.escalated,
            "high_priority": self.high_priority, "mine": self.mine, "unassigned": self.unassigned, "spam": self.spam,
        }  # fmt: skip


def customer_statistics(
    portal: Portal,
    *,
    contact_ids: Sequence[int] = (),
    account_ids: Sequence[int] = (),
    emails: Sequence[str] = (),
    agent_id: int | None = None,
    department_ids: Sequence[int] | None = None,
) -> Statistics:
    """Figures over all live tickets of these customers, each ticket once; `spam` lies in the recycle bin."""
    contacts, accounts = with_contacts_of(portal, contact_ids, emails), sorted(set(account_ids))
    departments = None if department_ids is None else list(department_ids)
    whose = whose_rows(portal, contacts, accounts, departments)
    with planned_once():
        return _read(portal, _OF_CUSTOMERS, {**whose, "agent": agent_id or 0, "now": clock.now()})


def ticket_counts(
    portal: Portal,
    *,
    contact_ids: Sequence[int] = (),
    account_ids: Sequence[int] = (),
    emails: Sequence[str] = (),
    agent_id: int | None = None,
    department_ids: Sequence[int] | None = None,
) -> dict[str, int]:
    """The counts of the filter pills of these customers."""
    return customer_statistics(
        portal,
        contact_ids=contact_ids,
        account_ids=account_ids,
        emails=emails,
        agent_id=agent_id,
        department_ids=department_ids,
    ).counts()


def desk_statistics(access: DeskAccess) -> Statistics:
    """Figures over all tickets that this person sees in the Desk."""
    departments = None if access.department_ids is None else list(access.department_ids)
    whose = {"portal": access.portal.pk, "departments": departments, "grain": Grain.MONTH, "since": None}
    return _read(access.portal, _OF_DEPARTMENTS, {**whose, "agent": access.agent.pk, "now": clock.now()})


_SUMS = ", ".join(f"coalesce(sum({name}), 0)::bigint" for name in FIGURES)
_OPEN = (
    f"FROM desk_ticket WHERE portal_id = %(portal)s AND deleted_at IS NULL AND closed_at IS NULL AND {IN_DEPARTMENTS}"
)
_OF_THESE = "(account_id = ANY(%(accounts)s::bigint[]) OR contact_id = ANY(%(contacts)s::bigint[]))"
_IS_LATE = "due_at IS NOT NULL AND due_at < %(now)s"
# Overdue: by two indexes, a ticket found by both counted once.
_OF_CUSTOMERS = f"""
    SELECT {_SUMS},
        (SELECT count(*) FROM (
            SELECT id {_OPEN} AND {_IS_LATE} AND account_id IS NOT NULL AND account_id = ANY(%(accounts)s::bigint[])
            UNION
            SELECT id {_OPEN} AND {_IS_LATE} AND contact_id IS NOT NULL AND contact_id = ANY(%(contacts)s::bigint[])) late),
        (SELECT count(*) {_OPEN} AND assignee_id = %(agent)s AND {_OF_THESE}),
        0
    FROM ({MONTHS_OF_CUSTOMERS}) months
"""  # noqa: S608 - our own names
_OF_DEPARTMENTS = f"""
    SELECT {_SUMS},
        (SELECT count(*) {_OPEN} AND {_IS_LATE}),
        (SELECT count(*) {_OPEN} AND assignee_id = %(agent)s),
        (SELECT count(*) {_OPEN} AND assignee_id IS NULL)
    FROM ({ROWS_OF_DEPARTMENTS}) months
"""  # noqa: S608 - our own names


def _read(portal: Portal, statement: str, parameters: dict[str, Any]) -> Statistics:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        values = cursor.fetchone()
    figures = dict(zip((*FIGURES, "overdue", "mine", "unassigned"), values, strict=True))
    basis = "_working" if portal.figures_basis == FiguresBasis.WORKING else ""
    return Statistics(
        **{name: figures[name] for name in figures if name in Statistics.__slots__ and not name.endswith("_seconds")},
        first_response_seconds=_average(figures[f"first_response{basis}_seconds"], figures["first_response_count"]),
        resolution_seconds=_average(figures[f"resolution{basis}_seconds"], figures["resolution_count"]),
    )


def _average(total: int, count: int) -> float | None:
    return total / count if count else None
