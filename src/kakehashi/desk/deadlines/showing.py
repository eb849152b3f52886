"""A ticket's deadlines in words, with why they are what they are."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from kakehashi.core import clock
from kakehashi.desk.targets.queries import Promises
from kakehashi.desk.targets.words import reason_of
from kakehashi.desk.tickets.models import StatusType, Ticket
from kakehashi.ui.templatetags.ui_words import duration


@dataclass(frozen=True, slots=True)
class DeadlineLine:
    """`field` is the API name whose emptying brings the computed moment back, where a person has set one."""

    label: str
    at: datetime | None
    words: str = ""
    is_late: bool = False
    field: str = ""


@dataclass(frozen=True, slots=True)
class DeadlineNotes:
    lines: list[DeadlineLine]
    reason: str


def deadline_notes(ticket: Ticket, promises: Promises) -> DeadlineNotes | None:
    """None where nothing is promised and nothing is due."""
    lines = [line for line in (_answer(ticket), _solution(ticket)) if line]
    reason = reason_of(ticket, promises)
    return DeadlineNotes(lines, reason) if lines or reason else None


def _answer(ticket: Ticket) -> DeadlineLine | None:
    if ticket.response_due_at is None:
        return None
    field = "responseDueDate" if ticket.has_own_response_due else ""
    return DeadlineLine(
        _("Answer by"), ticket.response_due_at, is_late=ticket.response_due_at < clock.now(), field=field
    )


def _solution(ticket: Ticket) -> DeadlineLine | None:
    until = ticket.closed_at or clock.now()
    if ticket.due_at is not None:
        field = "dueDate" if ticket.has_own_due else ""
        return DeadlineLine(_("Solve by"), ticket.due_at, is_late=ticket.due_at < until, field=field)
    if ticket.remaining_seconds is None or ticket.status.type != StatusType.ON_HOLD:
        return None
    left = _("%(time)s of working time left, paused") % {"time": duration(ticket.remaining_seconds)}
    return DeadlineLine(_("Solve by"), None, left)
