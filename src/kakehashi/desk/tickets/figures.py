"""What one ticket adds to the kept counts and sums, and where. Pure."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from .models import Priority, StatusType, Ticket
from .tally_models import CustomerTally, Grain

FIGURES = (
    "total", "open", "on_hold", "closed", "escalated", "high_priority", "spam",
    "first_response_count", "first_response_seconds", "first_response_working_seconds",
    "response_count", "response_seconds", "response_working_seconds",
    "resolution_count", "resolution_seconds", "resolution_working_seconds",
    "good", "okay", "bad", "by_email", "by_phone", "by_web", "by_chat", "by_other",
)  # fmt: skip
CHANNEL_FIGURES = {"Email": "by_email", "Phone": "by_phone", "Web": "by_web", "Chat": "by_chat"}
OTHER_CHANNEL = "by_other"
SHARDS = 4


@dataclass(frozen=True, slots=True)
class Place:
    """Where a ticket is counted: whose it is, and the day on which it was opened."""

    account_id: int | None
    contact_id: int | None
    product_id: int | None
    department_id: int
    shard: int
    day: date

    def customer_keys(self) -> Iterator[tuple[int, int, int, date]]:
        """(account, contact, department, month) as `CustomerTally` has them."""
        month = self.day.replace(day=1)
        if self.account_id:
            yield self.account_id, CustomerTally.EVERYBODY, self.department_id, month
        if self.contact_id:
            yield self.account_id or 0, self.contact_id, self.department_id, month

    def product_keys(self) -> Iterator[tuple[int, int, date]]:
        """(product, department, day) as `ProductTally` has them."""
        if self.product_id:
            yield self.product_id, self.department_id, self.day

    def department_keys(self) -> Iterator[tuple[int, str, date, int]]:
        """(department, grain, since, shard) as `DepartmentTally` has them."""
        yield self.department_id, Grain.DAY.value, self.day, self.shard
        yield self.department_id, Grain.MONTH.value, self.day.replace(day=1), self.shard


def place_of(ticket: Ticket, zone: ZoneInfo) -> Place:
    day = ticket.created_at.astimezone(zone).date()
    return Place(
        ticket.account_id, ticket.contact_id, ticket.product_id, ticket.department_id, ticket.number % SHARDS, day
    )


def figures_of(ticket: Ticket) -> Counter[str]:
    """Of a ticket in the recycle bin nothing but that it is spam. "Open" counts all that are not closed, those on hold too."""
    if ticket.deleted_at is not None:
        return Counter({"spam": 1}) if ticket.is_spam else Counter()
    figures = Counter({"total": 1, "closed" if ticket.closed_at else "open": 1})
    figures["on_hold"] = int(ticket.closed_at is None and ticket.status.type == StatusType.ON_HOLD)
    figures["escalated"] = int(ticket.is_escalated)
    figures["high_priority"] = int(ticket.priority == Priority.HIGH)
    figures[CHANNEL_FIGURES.get(ticket.channel, OTHER_CHANNEL)] = 1
    figures.update(_times_of(ticket))
    if ticket.rating:
        figures[ticket.rating] = 1
    return figures


def _times_of(ticket: Ticket) -> dict[str, int]:
    times = {
        "response_count": ticket.response_count,
        "response_seconds": ticket.response_seconds,
        "response_working_seconds": ticket.response_working_seconds,
    }
    if (seconds := ticket.first_response_seconds) is not None:
        times["first_response_count"], times["first_response_seconds"] = 1, seconds
        times["first_response_working_seconds"] = _known(ticket.first_response_working_seconds, seconds)
    if (seconds := ticket.resolution_seconds) is not None:
        times["resolution_count"], times["resolution_seconds"] = 1, seconds
        times["resolution_working_seconds"] = _known(ticket.resolution_working_seconds, seconds)
    return times


def _known(working: int | None, real: int) -> int:
    """Tickets from before business hours were counted have real times only."""
    return real if working is None else working
