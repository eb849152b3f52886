"""Tickets in the words and parts of the component kit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kakehashi.bridge.sides.tickets import TicketRow
from kakehashi.core import clock
from kakehashi.core.errors import Text
from kakehashi.ui.templatetags.ui_words import ago, duration

from .access import RecordTickets

_SOON = timedelta(hours=2)
_CHANGED = gettext_lazy("Changed")
_ACTIVITIES: Mapping[str, Text] = {
    "opened": gettext_lazy("Opened"),
    "answered": gettext_lazy("Customer wrote"),
    "replied": gettext_lazy("Reply"),
    "forwarded": gettext_lazy("Forwarded"),
    "commented": gettext_lazy("Comment"),
    "closed": gettext_lazy("Closed"),
    "reopened": gettext_lazy("Opened again"),
    "rated": gettext_lazy("Rated"),
}


@dataclass(frozen=True, slots=True)
class DealChip:
    """A deal that a ticket is linked to; `url` is "" for one that this person may not open."""

    name: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A ticket row ready to be shown; `url` is "" for one in the recycle bin."""

    row: TicketRow
    url: str
    tone: str
    is_hollow: bool
    deadline: Text
    deadline_state: str
    activity: str
    solved: str
    deals: Sequence[DealChip] = ()


def line_of(row: TicketRow, tickets: RecordTickets, deals: Sequence[DealChip] = (), *, is_in_bin: bool = False) -> Line:
    tone = tone_of(row)
    words, state = deadline_of(row.due_at, row.closed_at)
    return Line(
        row=row,
        url="" if is_in_bin else reverse("record_ticket", args=[*tickets.address, row.id]),
        tone=tone,
        is_hollow=tone == "amber",
        deadline=words,
        deadline_state=state,
        activity=_("%(what)s · %(when)s")
        % {"what": _ACTIVITIES.get(row.last_activity, _CHANGED), "when": ago(row.last_activity_at)},
        solved=_("Solved in %(time)s") % {"time": duration(row.closed_at - row.created_at)} if row.closed_at else "",
        deals=deals,
    )


def tone_of(row: TicketRow) -> str:
    """Plum where it is escalated, else by the type of its status."""
    if row.status_type == "Closed":
        return "green"
    if row.is_escalated:
        return "plum"
    return "amber" if row.status_type == "On Hold" else "blue"


def deadline_of(due_at: datetime | None, closed_at: datetime | None) -> tuple[str, str]:
    """(words, state) as the kit's deadline shows them."""
    if due_at is None:
        return "", "done"
    if closed_at:
        return (_("Solved in time") if closed_at <= due_at else _("Solved late")), "done"
    left = due_at - clock.now()
    if left < timedelta(0):
        return _("%(time)s overdue") % {"time": duration(left)}, "late"
    return _("%(time)s left") % {"time": duration(left)}, "soon" if left < _SOON else ""
