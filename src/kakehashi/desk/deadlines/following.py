"""Setting a ticket's deadlines and working times anew, in the transaction of whatever moves its clocks."""

from collections.abc import Sequence

from kakehashi.desk.portals.models import Portal
from kakehashi.desk.targets.queries import Promises, promises_of
from kakehashi.desk.tickets.models import Ticket

from .clock import Step, Targets, read_clocks, worked
from .queries import pasts_of
from .steps import Past, steps_of

# What following may change of a ticket, for those who store no more than that.
CLOCK_COLUMNS = (
    "due_at", "response_due_at", "remaining_seconds", "has_own_due", "has_own_response_due", "first_response_working_seconds",
    "response_count", "response_seconds", "response_working_seconds", "resolution_working_seconds",
)  # fmt: skip


def follow_clocks(portal: Portal, tickets: Sequence[Ticket], *, promises: Promises | None = None) -> None:
    """Change the (locked) tickets in memory; the caller stores them. Seven queries for any number of tickets."""
    if not tickets:
        return
    promises = promises or promises_of(portal)
    for ticket, past in zip(tickets, pasts_of(portal, tickets), strict=True):
        follow_past(ticket, past, promises)


def follow_past(ticket: Ticket, past: Past, promises: Promises) -> None:
    """The same for a ticket whose past is known without asking."""
    _follow(ticket, promises.targets_for(ticket), steps_of(past))


def note_own_dates(ticket: Ticket, changed: Sequence[str]) -> None:
    """A due date that a person sets stands before the computed one; taking it away brings that one back."""
    if "dueDate" in changed:
        ticket.has_own_due = ticket.due_at is not None
    if "responseDueDate" in changed:
        ticket.has_own_response_due = ticket.response_due_at is not None


def _follow(ticket: Ticket, targets: Targets, steps: Sequence[Step]) -> None:
    clocks = read_clocks(steps, targets)
    ticket.has_own_due = ticket.has_own_due and ticket.due_at != clocks.resolution_due_at
    if not ticket.has_own_due:
        ticket.due_at = clocks.resolution_due_at if ticket.closed_at is None else clocks.in_time_until
    ticket.has_own_response_due = (
        ticket.has_own_response_due and clocks.is_waiting and ticket.response_due_at != clocks.response_due_at
    )
    if not ticket.has_own_response_due:
        ticket.response_due_at = clocks.response_due_at
    ticket.remaining_seconds = _remaining(ticket, clocks.resolution_left)
    ticket.response_count = len(clocks.answers)
    ticket.response_seconds = round(sum(answer.seconds for answer in clocks.answers))
    ticket.response_working_seconds = round(sum(answer.working_seconds for answer in clocks.answers))
    is_closed, answered_at = ticket.closed_at is not None, ticket.first_responded_at
    ticket.resolution_working_seconds = round(clocks.resolving_seconds) if is_closed else None
    ticket.first_response_working_seconds = (
        round(worked(steps, answered_at, targets.working_time)) if answered_at else None
    )


def _remaining(ticket: Ticket, left: float | None) -> int | None:
    """What is left of the promise while the clock stands."""
    return round(left) if left is not None and ticket.due_at is None and ticket.closed_at is None else None
