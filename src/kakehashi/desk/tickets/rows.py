"""A ticket as a list shows it: which words and colours say how late it is, whose turn, and what happened last."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from kakehashi.core import clock
from kakehashi.core.errors import Text
from kakehashi.ui.templatetags.ui_words import ago, duration, short_day

from .fields import CHANNELS
from .models import StatusType, Ticket

_SOON = timedelta(hours=2)
_ACTIVITIES: Mapping[str, Text] = {
    "opened": pgettext_lazy("activity", "Opened"),
    "answered": pgettext_lazy("activity", "Customer replied"),
    "replied": pgettext_lazy("activity", "Replied"),
    "forwarded": pgettext_lazy("activity", "Forwarded"),
    "commented": pgettext_lazy("activity", "Comment"),
    "closed": pgettext_lazy("activity", "Closed"),
    "reopened": pgettext_lazy("activity", "Reopened"),
}
CHANNEL_ICONS = {"Email": "mail", "Phone": "phone", "Web": "world", "Chat": "message-circle"}


@dataclass(frozen=True, slots=True)
class Deadline:
    words: str
    state: str


@dataclass(frozen=True, slots=True)
class TicketLine:
    """What stands on one row. The last ones are filled where a list shows them (`ticket_views.lines`)."""

    ticket: Ticket
    tone: str
    is_hollow: bool
    deadline: Deadline
    activity: str
    outcome: str
    channel: Text
    channel_icon: str
    tags: tuple[str, ...] = ()
    target: str = ""
    coming: str = ""
    coming_at: str = ""
    escalated_by: str = ""


def line_of(ticket: Ticket) -> TicketLine:
    return TicketLine(
        ticket=ticket,
        tone=tone_of(ticket),
        is_hollow=ticket.status.type == StatusType.ON_HOLD,
        deadline=deadline_of(ticket),
        activity=activity_of(ticket),
        outcome=_outcome(ticket),
        channel=CHANNELS.get(ticket.channel, ticket.channel),
        channel_icon=CHANNEL_ICONS.get(ticket.channel, "inbox"),
    )


def tone_of(ticket: Ticket) -> str:
    """The pill's colour."""
    if ticket.closed_at is not None:
        return "green"
    if ticket.is_escalated:
        return "plum"
    return "amber" if ticket.status.type == StatusType.ON_HOLD else "blue"


def deadline_of(ticket: Ticket, now: datetime | None = None) -> Deadline:
    due, answer_due = ticket.due_at, ticket.response_due_at
    if ticket.closed_at is not None:
        if due is None:
            return Deadline("", "")
        return Deadline(_("Closed in time") if ticket.closed_at <= due else _("Closed late"), "done")
    if answer_due is not None and (due is None or answer_due < due):
        return _deadline_of_answer(answer_due - (now or clock.now()))
    if due is None:
        standing = ticket.remaining_seconds
        return Deadline(_("%(time)s left, paused") % {"time": duration(standing)} if standing is not None else "", "")
    left = due - (now or clock.now())
    if left <= timedelta():
        return Deadline(_("%(time)s overdue") % {"time": duration(left)}, "late")
    return Deadline(_("%(time)s left") % {"time": duration(left)}, "soon" if left <= _SOON else "")


def _deadline_of_answer(left: timedelta) -> Deadline:
    if left <= timedelta():
        return Deadline(_("Answer %(time)s overdue") % {"time": duration(left)}, "late")
    return Deadline(_("Answer within %(time)s") % {"time": duration(left)}, "soon" if left <= _SOON else "")


def activity_of(ticket: Ticket) -> str:
    """What happened last, and when: "Customer replied · 12 minutes ago"."""
    if ticket.closed_at is not None and ticket.last_activity == "closed":
        return _("%(what)s · %(when)s") % {"what": pgettext("activity", "Closed"), "when": short_day(ticket.closed_at)}
    what = _ACTIVITIES.get(ticket.last_activity, ticket.last_activity)
    return _("%(what)s · %(when)s") % {"what": what, "when": ago(ticket.last_activity_at)}


def _outcome(ticket: Ticket) -> str:
    if ticket.closed_at is None or ticket.resolution_seconds is None:
        return ""
    return _("Took %(time)s") % {"time": duration(ticket.resolution_seconds)}
