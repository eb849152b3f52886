"""What one ticket adds to the kept counts and sums. Pure."""

from collections import Counter
from dataclasses import dataclass

from .models import Priority, StatusType, Ticket

FIGURES = (
    "total", "open", "on_hold", "closed", "escalated", "high_priority", "first_response_count", "first_response_seconds",
    "first_response_working_seconds", "resolution_count", "resolution_seconds", "resolution_working_seconds", "good", "okay", "bad",
)  # fmt: skip
SHARDS = 16


@dataclass(frozen=True, slots=True)
class TallyKey:
    """Where a ticket is counted. 0 stands for "no account" and "no contact"."""

    account_id: int
    contact_id: int
    department_id: int
    shard: int


def key_of(ticket: Ticket) -> TallyKey:
    return TallyKey(ticket.account_id or 0, ticket.contact_id or 0, ticket.department_id, ticket.number % SHARDS)


def figures_of(ticket: Ticket) -> Counter[str]:
    """Nothing for a ticket in the recycle bin. "Open" counts all that are not closed, those on hold too."""
    if ticket.deleted_at is not None:
        return Counter()
    figures = Counter({"total": 1, "closed" if ticket.closed_at else "open": 1})
    figures["on_hold"] = int(ticket.closed_at is None and ticket.status.type == StatusType.ON_HOLD)
    figures["escalated"] = int(ticket.is_escalated)
    figures["high_priority"] = int(ticket.priority == Priority.HIGH)
    if ticket.first_response_seconds is not None:
        figures["first_response_count"], figures["first_response_seconds"] = 1, ticket.first_response_seconds
        figures["first_response_working_seconds"] = _known(
            ticket.first_response_working_seconds, ticket.first_response_seconds
        )
    if ticket.resolution_seconds is not None:
        figures["resolution_count"], figures["resolution_seconds"] = 1, ticket.resolution_seconds
        figures["resolution_working_seconds"] = _known(ticket.resolution_working_seconds, ticket.resolution_seconds)
    if ticket.rating:
        figures[ticket.rating] = 1
    return figures


def _known(working: int | None, real: int) -> int:
    """Tickets from before business hours were counted have real times only."""
    return real if working is None else working
