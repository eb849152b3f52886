"""What a mail from outside becomes inside a ticket: clean text, quotation apart, images in their places, files beside it."""

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import make_msgid
from urllib.parse import unquote

from django.utils.translation import gettext as _

from kakehashi.core.actors import Actor
from kakehashi.core.attachments.actions import NewAttachment, store_attachments
from kakehashi.core.errors import ProductError
from kakehashi.core.models import Attachment
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.records.storing import insert_rows
from kakehashi.desk.tickets.models import Ticket

from .addresses import parse_address, parse_addresses
from .html import clean_html, html_of_text, text_of_html
from .models import Direction, Message, MessageState, TicketAttachment
from .quoting import part_quotation, part_quoted_text
from .uploads import NewFile, Upload, links_to

_IMAGE_BY_CONTENT_ID = re.compile(r'(<img\b[^>]*?\bsrc=")cid:([^"]*)(")', re.IGNORECASE)
_IMAGE_IN_TEXT = re.compile(
    r"""(\bsrc\s*=\s*["'])data:(image/(?:png|jpeg|gif|webp));base64,([A-Za-z0-9+/=\s]+)(["'])""", re.IGNORECASE
)
_MOST_IMAGES = 50


@dataclass(frozen=True, slots=True)
class IncomingText:
    """A mail's parts. `html` may be anything; empty for plain `text`. `images` are files by their content id."""

    sender: str
    html: str = ""
    text: str = ""
    to: Sequence[str] = ()
    cc: Sequence[str] = ()
    subject: str = ""
    reply_to: str = ""
    message_id: str = ""
    in_reply_to: str = ""
    references: str = ""
    uploads: Sequence[Upload] = ()
    images: Mapping[str, NewFile] | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """A mail whose files are safe: its HTML with the files of its images and beside it, and the names of those that may not be kept."""

    mail: IncomingText
    actor: Actor
    html: str
    images: dict[str, Attachment]
    uploads: list[Attachment]
    left_out: list[str]

    @property
    def files(self) -> list[Attachment]:
        return [*self.images.values(), *self.uploads]


@dataclass(frozen=True, slots=True)
class Incoming:
    """A mail on its way into a ticket."""

    ticket: Ticket
    kept: Kept
    at: datetime


def keep_files(portal: Portal, mails: Sequence[tuple[IncomingText, Actor]]) -> list[Kept]:
    """Before anything is locked: one wait for the disk, one statement. Programs and files too large are left out, by name."""
    apart = [_with_images_apart(mail) for mail, _actor in mails]
    kept = [Kept(mail, actor, html, {}, [], []) for (mail, actor), (html, _images) in zip(mails, apart, strict=True)]
    wanted: list[tuple[Kept, str | None, Upload]] = []
    for one, (_html, images) in zip(kept, apart, strict=True):
        wanted += [(one, content_id, image) for content_id, image in images.items()]
        wanted += [(one, None, upload) for upload in one.mail.uploads]
    new = [
        NewAttachment(portal.tenant, upload.name, upload.content, upload.content_type, one.actor)
        for one, _content_id, upload in wanted
        if isinstance(upload, NewFile)
    ]
    stored = iter(store_attachments(new) if new else ())
    for one, content_id, upload in wanted:
        file = next(stored) if isinstance(upload, NewFile) else upload
        if isinstance(file, ProductError):
            one.left_out.append(upload.name[:200])
        elif content_id is None:
            one.uploads.append(file)
        else:
            one.images[content_id] = file
    return kept


def note_left_out(name: str) -> str:
    return _("“%(name)s” was left out: programs and files that are too large are not kept. It is in the original.") % {
        "name": name
    }


def store_incoming(incoming: Sequence[Incoming]) -> list[Message]:
    """Store mails as messages of their tickets, in the caller's transaction. Three statements, however many they are."""
    if not incoming:
        return []
    free = _free_message_ids(incoming)
    messages = [_message(one, message_id) for one, message_id in zip(incoming, free, strict=True)]
    insert_rows(Message, messages)
    links = [
        link
        for message, one in zip(messages, incoming, strict=True)
        for link in links_to(one.ticket, one.kept.files, html=message.html + message.quoted_html, message=message)
    ]
    TicketAttachment.objects.bulk_create(links)
    return messages


def parted(kept: Kept) -> tuple[str, str]:
    """Clean HTML with its images in their places: (what is new, what is quoted)."""
    if not kept.html:
        new, quoted = part_quoted_text(kept.mail.text)
        return html_of_text(new), html_of_text(quoted)
    clean = clean_html(kept.html)
    if kept.images:
        clean = _IMAGE_BY_CONTENT_ID.sub(lambda match: _placed(match, kept.images), clean)
    return part_quotation(clean)


def _message(one: Incoming, message_id: str) -> Message:
    mail = one.kept.mail
    new, quoted = parted(one.kept)
    sender = parse_address(mail.sender)
    return Message(
        portal_id=one.ticket.portal_id,
        ticket=one.ticket,
        direction=Direction.IN,
        sender=str(sender)[:400],
        to=[str(address) for address in parse_addresses(mail.to)],
        cc=[str(address) for address in parse_addresses(mail.cc)],
        reply_to=str(parse_address(mail.reply_to))[:400] if mail.reply_to else "",
        subject=mail.subject[:1000] or one.ticket.subject,
        html=new,
        quoted_html=quoted,
        text=text_of_html(new),
        message_id=message_id,
        in_reply_to=mail.in_reply_to[:500],
        references=mail.references,
        author_name=sender.label[:200],
        state=MessageState.RECEIVED,
        left_out=one.kept.left_out,
        at=one.at,
    )


def _placed(match: re.Match[str], images: Mapping[str, Attachment]) -> str:
    found = images.get(unquote(match[2])) or images.get(match[2])
    return f"{match[1]}attachment:{found.pk}{match[3]}" if found else match[0]


def _with_images_apart(mail: IncomingText) -> tuple[str, dict[str, NewFile]]:
    """Images that stand in the HTML itself become files, like those with a content id."""
    images = dict(mail.images or {})

    def part(match: re.Match[str]) -> str:
        if len(images) >= _MOST_IMAGES:
            return match[0]
        try:
            content = base64.b64decode(match[3])
        except (binascii.Error, ValueError):
            return match[0]
        kind = match[2].lower()
        name = f"image-{len(images) + 1}"
        images[name] = NewFile(f"{name}.{kind.partition('/')[2]}", kind, content)
        return f"{match[1]}cid:{name}{match[4]}"

    return (_IMAGE_IN_TEXT.sub(part, mail.html) if "data:image" in mail.html else mail.html), images


def _free_message_ids(incoming: Sequence[Incoming]) -> list[str]:
    """Some programs give all their mails one Message-ID. The second mail is no less a mail."""
    wanted = [one.kept.mail.message_id[:500] for one in incoming]
    named = [message_id for message_id in wanted if message_id]
    known = Message.objects.filter(portal_id=incoming[0].ticket.portal_id, message_id__in=named)
    taken = {"", *(known.values_list("message_id", flat=True) if named else ())}
    free = []
    for message_id in wanted:
        free.append(make_msgid(domain="kakehashi.invalid") if message_id in taken else message_id)
        taken.add(message_id)
    return free
