"""The mail that tells a colleague of an escalation."""

from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from kakehashi.core import clock
from kakehashi.desk.notices.models import Notice
from kakehashi.desk.notices.words import Words, public_address
from kakehashi.desk.overdue.models import Deadline
from kakehashi.desk.tickets.models import Ticket
from kakehashi.ui.templatetags.ui_words import duration, moment

from .words import sentence_of_firing


def write_escalation(notice: Notice) -> Words | None:
    """Nothing where the ticket was closed or answered before the mail could leave."""
    ticket, data = notice.ticket, notice.data
    due_at = datetime.fromisoformat(data["due_at"])
    is_answer = data["deadline"] == Deadline.RESPONSE
    if ticket.closed_at or ticket.deleted_at or (is_answer and ticket.response_due_at is None):
        return None
    with timezone.override(notice.person.time_zone if notice.person else "UTC"):
        headline = _headline(is_answer, due_at)
        return Words(
            subject=_("%(headline)s: %(subject)s") % {"headline": headline, "subject": ticket.subject},
            paragraphs=(headline, _facts(ticket, due_at), sentence_of_firing({**data, "told": []})),
            links=((_("Open the ticket"), public_address(_path(ticket))),),
            small=_("Your answer to this mail becomes an internal comment on the ticket."),
        )


def _headline(is_answer: bool, due_at: datetime) -> str:
    left = due_at - clock.now()
    time = {"time": duration(left)}
    if -60 < left.total_seconds() <= 0:
        return _("Answer due now") if is_answer else _("Due now")
    if left.total_seconds() <= 0:
        return (_("Answer %(time)s overdue") if is_answer else _("%(time)s overdue")) % time
    return (_("Answer within %(time)s") if is_answer else _("%(time)s left")) % time


def _facts(ticket: Ticket, due_at: datetime) -> str:
    contact = ticket.contact.name if ticket.contact else ticket.email
    lines = [
        f"#{ticket.number} {ticket.subject}",
        _("Customer: %(name)s") % {"name": contact or "—"},
        _("Due: %(moment)s") % {"moment": moment(due_at)},
        _("Assignee: %(name)s") % {"name": ticket.assignee.name if ticket.assignee else _("Unassigned")},
    ]
    return "\n".join(lines)


def _path(ticket: Ticket) -> str:
    return reverse("desk_ticket", args=[ticket.portal_id, ticket.pk])
