"""What somebody is still writing: kept on the server, one per ticket, person and kind, and marked when it has gone stale."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from kakehashi.core import clock
from kakehashi.core.actors import Actor
from kakehashi.desk.portals.rights import require
from kakehashi.desk.tickets.models import Ticket

from .html import clean_html, has_content
from .models import Draft, DraftKind, Message
from .uploads import Upload, images_in, name_images, store_upload


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody wrote, with its recipients and files. Every action checks it again."""

    mode: str
    html: str
    to: Sequence[str] = ()
    cc: Sequence[str] = ()
    bcc: Sequence[str] = ()
    uploads: Sequence[Upload] = ()


@transaction.atomic
def save_draft(ticket: Ticket, written: Written, *, actor: Actor) -> Draft | None:
    """Keep what was typed; nothing typed forgets it. A mail and a comment never share a draft: one is for the customer."""
    require(ticket.portal, actor, "may_comment")
    if actor.person_id is None:
        return None
    kind = kind_of(written.mode)
    html = clean_html(name_images(written.html))
    if not has_content(html) and not written.uploads:
        Draft.objects.filter(ticket=ticket, person_id=actor.person_id, kind=kind).delete()
        return None
    last = Message.objects.filter(ticket=ticket).order_by("-at", "-id").first()
    draft, _ = Draft.objects.get_or_create(
        ticket=ticket, person_id=actor.person_id, kind=kind, defaults={"portal_id": ticket.portal_id, "based_on": last}
    )
    draft.mode, draft.html, draft.saved_at = written.mode, html, clock.now()
    draft.to, draft.cc, draft.bcc = list(written.to), list(written.cc), list(written.bcc)
    draft.save(update_fields=["mode", "html", "saved_at", "to", "cc", "bcc"])
    shown = set(images_in(html))
    stored = [store_upload(ticket.portal, upload, actor) for upload in written.uploads]
    draft.attachments.set([file for file in stored if file.pk not in shown])
    return draft


def drafts_of(ticket: Ticket, person_id: int) -> list[Draft]:
    """This person's drafts, the one touched last first."""
    return list(Draft.objects.filter(ticket=ticket, person_id=person_id).order_by("-saved_at"))


def kind_of(mode: str) -> DraftKind:
    return DraftKind.COMMENT if mode in {"comment", "public_comment"} else DraftKind.MAIL


def is_stale(draft: Draft) -> bool:
    """Somebody wrote to or from the customer after this draft was begun."""
    newer = Message.objects.filter(ticket_id=draft.ticket_id)
    return newer.filter(pk__gt=draft.based_on_id).exists() if draft.based_on_id else newer.exists()
