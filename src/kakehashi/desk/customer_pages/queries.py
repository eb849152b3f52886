"""What a customer may see of a ticket: the mails between them and us, and what we said publicly. Never more."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from kakehashi.core.normalise.email import normal_email
from kakehashi.desk.conversations.addresses import parse_address, parse_addresses
from kakehashi.desk.conversations.html import without_remote_images
from kakehashi.desk.conversations.models import Comment, Direction, Message, MessageState, TicketAttachment
from kakehashi.desk.conversations.timeline import links_of, safe_html
from kakehashi.desk.conversations.uploads import UrlOf, images_in
from kakehashi.desk.portals.models import Department
from kakehashi.desk.tickets.models import Ticket
from kakehashi.ui.conversation import Message as Shown

from .models import CustomerSettings

_NOT_THERE = [MessageState.WITHDRAWN, MessageState.PENDING, MessageState.SENDING, MessageState.FAILED]


def settings_of(department: Department) -> CustomerSettings:
    """As stored, or all off."""
    return CustomerSettings.objects.filter(department=department).first() or CustomerSettings(
        portal_id=department.portal_id, department=department
    )


class CustomerView:
    """A ticket through its customer's eyes; asked for once, then reused for the page and its files."""

    def __init__(self, ticket: Ticket) -> None:
        self.ticket = ticket
        self.messages = _messages(ticket)
        self.comments: Sequence[Comment] = list(ticket.comments.filter(is_public=True, deleted_at__isnull=True))
        self.shows_description = bool(ticket.description_html) and ticket.channel == "Web"
        self.files = self._files()

    def items(self, url_of: UrlOf) -> list[Shown]:
        """Oldest first."""
        items = [self._mail(message, url_of) for message in self.messages]
        items += [self._comment(comment, url_of) for comment in self.comments]
        if self.shows_description:
            items.append(self._description(url_of))
        return sorted(items, key=lambda item: item.at)

    def may_fetch(self, attachment_id: int) -> TicketAttachment | None:
        """A file beside or inside of what is shown."""
        return next((link for link in self.files if link.attachment_id == attachment_id), None)

    def _files(self) -> list[TicketAttachment]:
        mails, remarks = {mail.pk for mail in self.messages}, {comment.pk for comment in self.comments}
        return [
            link
            for link in self.ticket.attachments.select_related("attachment")
            if link.message_id in mails
            or link.comment_id in remarks
            or (self.shows_description and link.message_id is None and link.comment_id is None)
        ]

    def _of(self, message_id: int | None, comment_id: int | None, html: str) -> list[TicketAttachment]:
        shown = set(images_in(html))
        return [
            link
            for link in self.files
            if (link.message_id, link.comment_id) == (message_id, comment_id) and link.attachment_id not in shown
        ]

    def _mail(self, message: Message, url_of: UrlOf) -> Shown:
        is_ours = message.direction == Direction.OUT
        sender = parse_address(message.sender)
        html = message.html if is_ours else without_remote_images(message.html)
        return Shown(
            author=sender.label or self.ticket.department.name,
            at=message.at,
            html=safe_html(html, url_of),
            id=f"message-{message.pk}",
            verb=_("replied") if is_ours else "",
            attachments=links_of(self._of(message.pk, None, message.html), url_of),
        )

    def _comment(self, comment: Comment, url_of: UrlOf) -> Shown:
        return Shown(
            author=self.ticket.department.name,
            at=comment.at,
            html=safe_html(comment.html, url_of),
            id=f"comment-{comment.pk}",
            attachments=links_of(self._of(None, comment.pk, comment.html), url_of),
        )

    def _description(self, url_of: UrlOf) -> Shown:
        ticket = self.ticket
        return Shown(
            author=ticket.contact.name if ticket.contact else ticket.email,
            at=ticket.created_at,
            html=safe_html(ticket.description_html, url_of),
            id="description",
            attachments=links_of(self._of(None, None, ticket.description_html), url_of),
        )


def customer_addresses(ticket: Ticket) -> set[str]:
    """Normalised."""
    contact = ticket.contact
    named = [ticket.email, *(contact.emails if contact else [])]
    return {normal for text in named if (normal := normal_email(text))}


def _messages(ticket: Ticket) -> list[Message]:
    """Between the customer and us: not what was forwarded to others, nor what others wrote to us alone; nothing that has not left."""
    own = customer_addresses(ticket)
    mails = ticket.messages.filter(is_forward=False).exclude(state__in=_NOT_THERE).order_by("at", "id")
    return [mail for mail in mails if own & _people(mail)]


def _people(mail: Message) -> set[str]:
    """Of an incoming mail also who wrote it. Blind copies are nobody's business."""
    texts = [*mail.to, *mail.cc, *([mail.sender] if mail.direction == Direction.IN else [])]
    return {normal_email(address.address) for address in parse_addresses(texts)}
