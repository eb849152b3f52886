"""What a mail from outside becomes inside a ticket: clean text, quotation apart, images in their places, files beside it."""

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import make_msgid
from urllib.parse import unquote

from kakehashi.core.actors import Actor
from kakehashi.core.attachments.actions import FileIsTooLarge, FileTypeIsBlocked
from kakehashi.core.models import Attachment
from kakehashi.desk.tickets.models import Ticket

from .addresses import parse_address, parse_addresses
from .html import clean_html, html_of_text, text_of_html
from .models import Direction, Message, MessageState
from .quoting import part_quotation, part_quoted_text
from .uploads import NewFile, Upload, attach, store_upload

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


def store_incoming(ticket: Ticket, mail: IncomingText, *, actor: Actor, at: datetime) -> Message:
    """Store a mail as a message of the ticket, in the caller's transaction. Programs and files too large are left out, by name."""
    files = _Files(ticket, actor)
    html, images = _with_images_apart(mail)
    stored_images = {content_id: stored for content_id, file in images.items() if (stored := files.keep(file))}
    uploads = [stored for upload in mail.uploads if (stored := files.keep(upload))]
    new, quoted = _parted(html, mail.text, stored_images)
    sender = parse_address(mail.sender)
    message = Message.objects.create(
        portal_id=ticket.portal_id,
        ticket=ticket,
        direction=Direction.IN,
        sender=str(sender)[:400],
        to=[str(address) for address in parse_addresses(mail.to)],
        cc=[str(address) for address in parse_addresses(mail.cc)],
        reply_to=str(parse_address(mail.reply_to))[:400] if mail.reply_to else "",
        subject=mail.subject[:1000] or ticket.subject,
        html=new,
        quoted_html=quoted,
        text=text_of_html(new),
        message_id=_free_message_id(ticket, mail.message_id),
        in_reply_to=mail.in_reply_to[:500],
        references=mail.references,
        author_name=sender.label[:200],
        state=MessageState.RECEIVED,
        left_out=files.left_out,
        at=at,
    )
    attach(ticket, [*stored_images.values(), *uploads], html=new + quoted, message=message, actor=actor)
    return message


class _Files:
    """Keeps files for a ticket, and the names of those that may not be kept."""

    def __init__(self, ticket: Ticket, actor: Actor) -> None:
        self._ticket, self._actor = ticket, actor
        self.left_out: list[str] = []

    def keep(self, upload: Upload) -> Attachment | None:
        try:
            return store_upload(self._ticket.portal, upload, self._actor)
        except (FileTypeIsBlocked, FileIsTooLarge):
            self.left_out.append(upload.name[:200])
            return None


def _parted(html: str, text: str, images: Mapping[str, Attachment]) -> tuple[str, str]:
    if not html:
        new, quoted = part_quoted_text(text)
        return html_of_text(new), html_of_text(quoted)
    clean = clean_html(html)
    if images:
        clean = _IMAGE_BY_CONTENT_ID.sub(lambda match: _placed(match, images), clean)
    return part_quotation(clean)


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


def _free_message_id(ticket: Ticket, wanted: str) -> str:
    """Some programs give all their mails one Message-ID. The second mail is no less a mail."""
    wanted = wanted[:500]
    if wanted and not Message.objects.filter(portal_id=ticket.portal_id, message_id=wanted).exists():
        return wanted
    return make_msgid(domain="kakehashi.invalid")
