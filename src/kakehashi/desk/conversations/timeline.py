"""A ticket's conversation in order: its description, mails, comments, and thin lines for what changed."""

from collections.abc import Sequence
from itertools import groupby

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kakehashi.core import clock
from kakehashi.core.errors import Text
from kakehashi.desk.history.queries import events_of
from kakehashi.desk.history.words import sentences_of
from kakehashi.desk.tickets.models import Ticket
from kakehashi.ui.conversation import AttachmentLink, EventLine
from kakehashi.ui.conversation import Message as Shown

from .addresses import parse_address, parse_addresses
from .models import Comment, Direction, Message, MessageState, TicketAttachment
from .uploads import UrlOf, show_images

_STATES: dict[str, tuple[Text, str]] = {
    MessageState.PENDING: (gettext_lazy("Waiting to be sent"), "clock"),
    MessageState.SENDING: (gettext_lazy("Being sent"), "send"),
    MessageState.SENT: (gettext_lazy("Sent"), "check"),
    MessageState.FAILED: (gettext_lazy("Not sent"), "alert-circle"),
    MessageState.BOUNCED: (gettext_lazy("Came back"), "alert-circle"),
}
_LOST = {MessageState.FAILED, MessageState.BOUNCED}


def conversation_of(
    ticket: Ticket, url_of: UrlOf, *, retry_url_of: UrlOf | None = None, with_history: bool = True
) -> list[Shown | EventLine]:
    """Oldest first. `url_of` tells where a reader fetches one of the ticket's files by its attachment id, `retry_url_of`
    where somebody who may send has a failed mail sent again.
    """
    files = _files_by_owner(ticket)
    items: list[Shown | EventLine] = []
    if ticket.description_html or files.get((None, None)):
        items.append(_description(ticket, files.get((None, None), []), url_of))
    mails = ticket.messages.exclude(state=MessageState.WITHDRAWN)
    items += [_mail(mail, files.get((mail.pk, None), []), url_of, retry_url_of) for mail in mails]
    comments = ticket.comments.filter(deleted_at__isnull=True)
    items += [_comment(comment, files.get((None, comment.pk), []), url_of) for comment in comments]
    if with_history:
        items += _history(ticket)
    return sorted(items, key=lambda item: item.at)


def _files_by_owner(ticket: Ticket) -> dict[tuple[int | None, int | None], list[TicketAttachment]]:
    links = ticket.attachments.select_related("attachment").filter(is_inline=False)

    def owner(link: TicketAttachment) -> tuple[int | None, int | None]:
        return link.message_id, link.comment_id

    in_order = sorted(links, key=lambda link: (link.message_id or 0, link.comment_id or 0, link.pk))
    return {key: list(group) for key, group in groupby(in_order, key=owner)}


def _description(ticket: Ticket, files: Sequence[TicketAttachment], url_of: UrlOf) -> Shown:
    contact = ticket.contact
    return Shown(
        author=contact.name if contact else ticket.email or ticket.created_by,
        address=ticket.email,
        at=ticket.created_at,
        html=_safe(ticket.description_html, url_of),
        id="description",
        attachments=_links(files, url_of),
    )


def _mail(message: Message, files: Sequence[TicketAttachment], url_of: UrlOf, retry_url_of: UrlOf | None) -> Shown:
    is_out = message.direction == Direction.OUT
    sender = parse_address(message.sender)
    state, picture = _STATES.get(message.state, ("", "checks")) if is_out else ("", "checks")
    verb = (_("forwarded this") if message.is_forward else _("replied")) if is_out else ""
    return Shown(
        author=(message.author_name if is_out else sender.label) or sender.label,
        address="" if is_out else sender.address,
        at=message.at,
        html=_safe(message.html, url_of),
        quoted_html=_safe(message.quoted_html, url_of) if message.quoted_html else "",
        id=f"message-{message.pk}",
        verb=verb,
        state=state,
        state_icon=picture,
        failure=message.failure if message.state in {*_LOST, MessageState.PENDING} else "",
        retry_url=retry_url_of(message.pk) if retry_url_of and message.state in _LOST else "",
        recipients=_recipients(message),
        attachments=_links(files, url_of),
    )


def _comment(comment: Comment, files: Sequence[TicketAttachment], url_of: UrlOf) -> Shown:
    return Shown(
        author=comment.author_name,
        at=comment.at,
        html=_safe(comment.html, url_of),
        id=f"comment-{comment.pk}",
        is_internal=not comment.is_public,
        verb=_("commented publicly") if comment.is_public else "",
        attachments=_links(files, url_of),
    )


def _history(ticket: Ticket) -> list[EventLine]:
    lines = [
        EventLine(sentence, event.at, icon)
        for event in events_of("desk.ticket", ticket.pk)
        if not (event.topic.endswith(".opened") and ticket.description_html)
        for icon, sentence in sentences_of(event)
    ]
    if ticket.due_at and ticket.due_at < (ticket.closed_at or clock.now()):
        lines.append(EventLine(_("The due date passed"), ticket.due_at, "alert-circle", is_bad=True))
    return lines


def _recipients(message: Message) -> str:
    """Shown where somebody besides the one customer got the mail."""
    if message.direction == Direction.IN and not message.cc:
        return ""
    named = [(_("To"), message.to), (_("Cc"), message.cc), (_("Bcc"), message.bcc)]
    return "  ".join(
        f"{label}: {', '.join(address.label for address in parse_addresses(texts))}" for label, texts in named if texts
    )


def _links(files: Sequence[TicketAttachment], url_of: UrlOf) -> list[AttachmentLink]:
    return [
        AttachmentLink(
            link.attachment.name, url_of(link.attachment_id), link.attachment.size_bytes, link.attachment.is_image
        )
        for link in files
    ]


def _safe(html: str, url_of: UrlOf) -> SafeString:
    """What is stored was cleaned on the way in."""
    return mark_safe(show_images(html, url_of))  # noqa: S308
