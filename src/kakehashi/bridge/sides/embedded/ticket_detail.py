"""A Desk ticket with its conversation."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from django.urls import reverse
from django.utils.translation import gettext

from kakehashi.bridge.sides.records import Value
from kakehashi.bridge.sides.tickets import (
    ConversationItem,
    TicketAttachment,
    TicketDetail,
    TicketRights,
)
from kakehashi.core import clock
from kakehashi.desk.conversations.addresses import parse_address
from kakehashi.desk.conversations.html import without_remote_images
from kakehashi.desk.conversations.models import Comment, Direction, Message, MessageState
from kakehashi.desk.conversations.models import TicketAttachment as StoredFile
from kakehashi.desk.conversations.suggesting import links_to_tickets
from kakehashi.desk.conversations.timeline import link_numbers
from kakehashi.desk.history.queries import events_of
from kakehashi.desk.history.words import sentences_of
from kakehashi.desk.portals.access import DeskAccess
from kakehashi.desk.tickets.fields import TICKET_FIELDS
from kakehashi.desk.tickets.models import Ticket

from .ticket_rows import row_of

_SHOWN_FAILURES = {MessageState.PENDING, MessageState.FAILED, MessageState.BOUNCED}


def detail_of(ticket: Ticket, rights: TicketRights, access: DeskAccess | None) -> TicketDetail:
    """Everything that the sheet shows. Seven queries, however long the conversation."""
    messages = list(ticket.messages.exclude(state=MessageState.WITHDRAWN).order_by("at", "id"))
    comments = list(ticket.comments.filter(deleted_at=None).order_by("at", "id"))
    files = list(ticket.attachments.select_related("attachment"))
    link_numbers(messages, comments, lambda numbers: links_to_tickets(access, numbers))
    return TicketDetail(
        row=row_of(ticket),
        contact_id=ticket.contact_id,
        account_id=ticket.account_id,
        contact_email=ticket.email,
        values=_values(ticket),
        conversation=tuple(_conversation(ticket, messages, comments, files)),
        rights=rights,
        version=ticket.version,
        url=reverse("desk_ticket", args=[ticket.portal_id, ticket.pk]) if access else "",
    )


def _values(ticket: Ticket) -> Mapping[str, Value]:
    """By Desk API name, as `ticket_fields` names them; a status and other choices as they are sent."""
    values = {info.api_name: getattr(ticket, info.column) for info in TICKET_FIELDS if info.api_name != "description"}
    return values | {"status": ticket.status.name}


def _conversation(
    ticket: Ticket, messages: Sequence[Message], comments: Sequence[Comment], files: Sequence[StoredFile]
) -> Sequence[ConversationItem]:
    items = chain(_description(ticket, files), _mails(messages, files), _comments(comments, files), _events(ticket))
    return sorted(items, key=lambda item: (item.at, item.kind == "comment", item.id))


def _description(ticket: Ticket, files: Sequence[StoredFile]) -> Iterator[ConversationItem]:
    """What the ticket was opened with, if it did not come as a mail."""
    own = [file for file in files if file.message_id is None and file.comment_id is None]
    if ticket.description_html or own:
        yield ConversationItem(
            kind="incoming",
            id=0,
            at=ticket.created_at,
            author_name=(ticket.contact.name if ticket.contact else "") or ticket.email or ticket.created_by,
            author_email=ticket.email,
            html=ticket.description_html,
            attachments=_attachments(own),
        )


def _mails(messages: Sequence[Message], files: Sequence[StoredFile]) -> Iterator[ConversationItem]:
    for message in messages:
        sender = parse_address(message.sender)
        is_incoming = message.direction == Direction.IN
        yield ConversationItem(
            kind="incoming" if is_incoming else "outgoing",
            id=message.pk,
            at=message.at,
            author_name=sender.label if is_incoming else message.author_name or sender.label,
            author_email=sender.address if is_incoming else "",
            html=without_remote_images(message.html),
            quoted_html=without_remote_images(message.signature_html + message.quoted_html),
            is_forward=message.is_forward,
            to=tuple(message.to),
            cc=tuple(message.cc),
            state="" if is_incoming else message.state,
            failure=message.failure if message.state in _SHOWN_FAILURES else "",
            attachments=_attachments([file for file in files if file.message_id == message.pk]),
        )


def _comments(comments: Sequence[Comment], files: Sequence[StoredFile]) -> Iterator[ConversationItem]:
    for comment in comments:
        yield ConversationItem(
            kind="comment",
            id=comment.pk,
            at=comment.at,
            author_name=comment.author_name,
            html=comment.html,
            is_public=comment.is_public,
            attachments=_attachments([file for file in files if file.comment_id == comment.pk]),
        )


def _attachments(files: Sequence[StoredFile]) -> tuple[TicketAttachment, ...]:
    """Those to be listed; images inside the text are shown there."""
    return tuple(
        TicketAttachment(
            id=file.attachment_id,
            name=file.attachment.name,
            size_bytes=file.attachment.size_bytes,
            content_type=file.attachment.content_type,
        )
        for file in files
        if not file.is_inline
    )


def _events(ticket: Ticket) -> Iterator[ConversationItem]:
    """What changed, in the Desk's own words; and that the due date passed."""
    for event in events_of("desk.ticket", ticket.pk):
        if event.topic.endswith(".opened") and ticket.description_html:
            continue
        for icon, sentence in sentences_of(event):
            yield ConversationItem("event", event.pk, event.at, "", html=str(sentence), icon=icon)
    if ticket.due_at and ticket.due_at < (ticket.closed_at or clock.now()):
        passed = gettext("The due date passed")
        yield ConversationItem("event", 0, ticket.due_at, "", html=passed, icon="alert-circle", state="late")
