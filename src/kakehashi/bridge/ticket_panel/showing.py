"""Tickets in the words and parts of the component kit."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from kakehashi.bridge.sides.tickets import ConversationItem, TicketAttachment, TicketDetail, TicketRow
from kakehashi.core import clock
from kakehashi.core.errors import Text
from kakehashi.ui.conversation import AttachmentLink, Composer, ComposerUrls, EventLine, Message
from kakehashi.ui.templatetags.ui_words import ago, duration

from .access import RecordTickets

_SOON = timedelta(hours=2)
_IMAGE = re.compile(r'(<img\b[^>]*?\bsrc=")attachment:(\d+)(")')
_STATE_ICONS = {
    "pending": "clock",
    "sending": "send",
    "sent": "check",
    "failed": "alert-circle",
    "bounced": "alert-circle",
}
_PICTURES = {"Email": "mail", "Phone": "phone", "Web": "world", "Chat": "message-circle"}


@dataclass(frozen=True, slots=True)
class Line:
    """A ticket row ready to be shown."""

    row: TicketRow
    url: str
    tone: str
    is_hollow: bool
    deadline: Text
    deadline_state: str
    activity: str
    solved: str


def line_of(row: TicketRow, tickets: RecordTickets) -> Line:
    tone = tone_of(row)
    words, state = deadline_of(row.due_at, row.closed_at)
    return Line(
        row=row,
        url=reverse("record_ticket", args=[*tickets.address, row.id]),
        tone=tone,
        is_hollow=tone == "amber",
        deadline=words,
        deadline_state=state,
        activity=_("%(what)s · %(when)s") % {"what": _activity(row), "when": ago(row.last_activity_at)},
        solved=_("Solved in %(time)s") % {"time": duration(row.closed_at - row.created_at)} if row.closed_at else "",
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


def conversation_of(detail: TicketDetail, tickets: RecordTickets) -> list[Message | EventLine]:
    return [_shown(item, detail, tickets) for item in detail.conversation]


def composer_of(ticket_id: int, tickets: RecordTickets, *, error: Text = "") -> Composer | None:
    """What this person may write; None where they may not write at all. It is the Desk's own composer."""
    address = [*tickets.address, ticket_id]
    urls = ComposerUrls(
        mail=reverse("record_ticket_replies", args=address),
        comment=reverse("record_ticket_comments", args=address),
        draft=reverse("record_ticket_draft", args=address),
        upload=reverse("record_tickets_uploads", args=tickets.address),
        suggestions=reverse("record_ticket_suggestions", args=address),
    )

    def url_of(number: int) -> str:
        return reverse("record_tickets_upload", args=[*tickets.address, number])

    return tickets.desk.composer(ticket_id, tickets.actor, urls, url_of, target="#ticket-composer", error=error)


def _shown(item: ConversationItem, detail: TicketDetail, tickets: RecordTickets) -> Message | EventLine:
    if item.kind == "event":
        html = mark_safe(item.html)  # noqa: S308 - made safe by its side, see the seam
        return EventLine(html=html, at=item.at, icon=item.icon or "history", is_bad=item.state == "late")
    return Message(
        author=item.author_name,
        at=item.at,
        html=_with_images(item.html, detail, tickets),
        id=f"{item.kind}-{item.id}",
        is_internal=item.kind == "comment" and not item.is_public,
        verb=_verb(item),
        address=item.author_email,
        state=_state(item),
        state_icon=_STATE_ICONS.get(item.state, "checks"),
        failure=item.failure,
        retry_url=_retry_url(item, detail, tickets),
        recipients=_recipients(item),
        quoted_html=_with_images(item.quoted_html, detail, tickets) if item.quoted_html else "",
        attachments=[_link(file, detail, tickets) for file in item.attachments],
    )


def _retry_url(item: ConversationItem, detail: TicketDetail, tickets: RecordTickets) -> str:
    may_send = detail.rights.may_forward if item.is_forward else detail.rights.may_reply
    if item.state not in {"failed", "bounced"} or not may_send:
        return ""
    return reverse("record_ticket_sending", args=[*tickets.address, detail.row.id, item.id])


def _with_images(html: str, detail: TicketDetail, tickets: RecordTickets) -> SafeString:
    """Images of the ticket get an address that this person may fetch."""
    shown = _IMAGE.sub(lambda match: f"{match[1]}{_address(int(match[2]), detail, tickets)}{match[3]}", html)
    return mark_safe(shown)  # noqa: S308 - sanitised by its side, see the seam


def _link(file: TicketAttachment, detail: TicketDetail, tickets: RecordTickets) -> AttachmentLink:
    is_image = file.content_type.startswith("image/")
    return AttachmentLink(file.name, _address(file.id, detail, tickets), file.size_bytes, is_image)


def _address(attachment_id: int, detail: TicketDetail, tickets: RecordTickets) -> str:
    return reverse("record_ticket_attachment", args=[*tickets.address, detail.row.id, attachment_id])


def _verb(item: ConversationItem) -> str:
    if item.kind == "outgoing":
        return _("forwarded") if item.is_forward else _("replied")
    return _("commented publicly") if item.kind == "comment" and item.is_public else ""


def _state(item: ConversationItem) -> str:
    return {
        "pending": _("Waiting to be sent"),
        "sending": _("Being sent"),
        "sent": _("Sent"),
        "failed": _("Not sent"),
        "bounced": _("Came back"),
    }.get(item.state, "")


def _recipients(item: ConversationItem) -> str:
    parts = [_("To: %(names)s") % {"names": ", ".join(item.to)}] if item.to and item.kind == "outgoing" else []
    parts += [_("Cc: %(names)s") % {"names": ", ".join(item.cc)}] if item.cc else []
    return " / ".join(parts)


def _activity(row: TicketRow) -> str:
    words = {
        "opened": _("Opened"),
        "answered": _("Customer wrote"),
        "replied": _("Reply"),
        "forwarded": _("Forwarded"),
        "commented": _("Comment"),
        "closed": _("Closed"),
        "reopened": _("Opened again"),
        "rated": _("Rated"),
    }
    return words.get(row.last_activity, _("Changed"))
