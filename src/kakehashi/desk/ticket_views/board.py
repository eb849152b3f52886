"""Tickets as cards by status, the latest of each column; a card moves by drag, by its menu or with Alt and an arrow."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from kakehashi.desk.portals.models import Portal
from kakehashi.desk.statuses.queries import read_statuses
from kakehashi.desk.tickets.models import Status, StatusType, Ticket
from kakehashi.desk.tickets.queries import lines_in_order
from kakehashi.desk.tickets.rows import TicketLine

from .lines import lines_of
from .queries import COUNTED_ROWS, capped_count, open_in_status

CARDS = 30
_TONES = {StatusType.OPEN: "blue", StatusType.ON_HOLD: "amber", StatusType.CLOSED: "green"}


@dataclass(frozen=True, slots=True)
class BoardColumn:
    """`count` stops at `COUNTED_ROWS`; then there are more."""

    status: Status
    tone: str
    lines: Sequence[TicketLine]
    count: int

    @property
    def is_counted(self) -> bool:
        return self.count <= COUNTED_ROWS

    @property
    def shown_count(self) -> int:
        return min(self.count, COUNTED_ROWS)

    @property
    def has_more(self) -> bool:
        return self.count > len(self.lines)


def board_of(portal: Portal, rows: QuerySet[Ticket]) -> list[BoardColumn]:
    """Two queries a status, one for the tickets, and those of what stands on the cards."""
    found = [(status, *_find(rows, status)) for status in read_statuses(portal)]
    lines = lines_of(portal, lines_in_order([one for _status, ids, _count in found for one in ids]))
    by_ticket = {line.ticket.pk: line for line in lines}
    return [
        BoardColumn(status, _TONES[StatusType(status.type)], [by_ticket[one] for one in ids if one in by_ticket], count)
        for status, ids, count in found
    ]


def _find(rows: QuerySet[Ticket], status: Status) -> tuple[list[int], int]:
    is_closed = status.type == StatusType.CLOSED
    found = open_in_status(rows, status.pk, is_closed=is_closed, most=CARDS)
    here = rows.filter(status=status) if is_closed else rows.filter(status=status, closed_at__isnull=True)
    return found, capped_count(here, COUNTED_ROWS) if len(found) == CARDS else len(found)
