"""Files on their way into a ticket, and images that stand inside its text."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from kakehashi.core.actors import Actor
from kakehashi.core.attachments.actions import store_attachment
from kakehashi.core.models import Attachment
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.tickets.models import Ticket

from .models import Comment, Message, TicketAttachment


@dataclass(frozen=True, slots=True)
class NewFile:
    """Bytes that are not stored yet."""

    name: str
    content_type: str
    content: bytes


Upload = Attachment | NewFile
UrlOf = Callable[[int], str]

# The composer shows an image that was just uploaded from a page of ours ("…/uploads/77/"); stored text names the file itself.
_PAGE_OF_UPLOAD = re.compile(r'(<img\b[^>]*?\bsrc=")[^"]*?/(?:uploads|attachments)/(\d+)/(")')
_CAPTION_OF_EDITOR = re.compile(
    r"<figcaption\b(?=[^>]*attachment__caption)(?![^>]*--edited)[^>]*>.*?</figcaption>", re.DOTALL
)
_STORED_IMAGE = re.compile(r'(<img\b[^>]*?\bsrc=")attachment:(\d+)(")')


def attach(
    ticket: Ticket,
    uploads: Sequence[Upload],
    *,
    html: str = "",
    message: Message | None = None,
    comment: Comment | None = None,
    actor: Actor,
) -> list[TicketAttachment]:
    """Link files to a ticket, or to one of its messages or comments. Those that `html` shows are inline."""
    stored = [store_upload(ticket.portal, upload, actor) for upload in uploads]
    return TicketAttachment.objects.bulk_create(links_to(ticket, stored, html=html, message=message, comment=comment))


def links_to(
    ticket: Ticket,
    stored: Iterable[Attachment],
    *,
    html: str,
    message: Message | None = None,
    comment: Comment | None = None,
) -> list[TicketAttachment]:
    """The rows that do so, each file once, not stored yet."""
    shown = set(images_in(html))
    return [
        TicketAttachment(
            portal_id=ticket.portal_id,
            ticket=ticket,
            message=message,
            comment=comment,
            attachment=attachment,
            is_inline=attachment.pk in shown,
        )
        for attachment in {attachment.pk: attachment for attachment in stored}.values()
    ]


def store_upload(portal: Portal, upload: Upload, actor: Actor) -> Attachment:
    """Raises `FileIsTooLarge`, `FileTypeIsBlocked`."""
    if isinstance(upload, Attachment):
        return upload
    return store_attachment(
        tenant=portal.tenant, name=upload.name, content=upload.content, content_type=upload.content_type, actor=actor
    )


def name_images(html: str) -> str:
    """Typed HTML with its uploaded images named as files: `src="attachment:77"`, without the editor's "name, size" below."""
    return _PAGE_OF_UPLOAD.sub(r"\1attachment:\2\3", _CAPTION_OF_EDITOR.sub("", html))


def images_in(html: str) -> list[int]:
    """Ids of the files that stored HTML shows."""
    return [int(match[2]) for match in _STORED_IMAGE.finditer(html)]


def show_images(html: str, url_of: Callable[[int], str]) -> str:
    """Stored HTML with its images at addresses that the reader may fetch."""
    return _STORED_IMAGE.sub(lambda match: f"{match[1]}{url_of(int(match[2]))}{match[3]}", html)


def own_uploads(portal: Portal, actor: Actor, ids: Iterable[int]) -> list[Attachment]:
    """Files that this person uploaded into this portal; ids of others are passed over."""
    return list(
        Attachment.objects.filter(tenant=portal.tenant, added_by_id=actor.person_id, id__in=set(ids)).order_by("id")
    )
