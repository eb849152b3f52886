"""What somebody is still writing: kept on the server, one per ticket, person and kind, and marked when it has gone stale."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet, prefetch_related_objects
from django.utils.translation import gettext_lazy

from kakehashi.core import clock
from kakehashi.core.actors import Actor
from kakehashi.core.errors import InvalidValues
from kakehashi.core.fixed_reads import fixed_read
from kakehashi.desk.portals.rights import require
from kakehashi.desk.tickets.models import Ticket

from .html import clean_html, has_content
from .models import Draft, DraftKind, Message, MessageState
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
    seen: int | None = None
    key: str = ""  # of the form: the same text sent again from it is no other text

    @property
    def is_mail(self) -> bool:
        return kind_of(self.mode) == DraftKind.MAIL


@transaction.atomic
def save_draft(ticket: Ticket, written: Written, *, actor: Actor) -> Draft | None:
    """Keep what was typed; nothing typed forgets it. A mail and a comment never share a draft."""
    require(ticket.portal, actor, right_for(written.mode))
    if actor.person_id is None:
        return None
    kind = kind_of(written.mode)
    html = clean_html(name_images(written.html))
    if not has_content(html) and not written.uploads:
        discard_draft(ticket, kind, actor=actor)
        return None
    last = Message.objects.filter(ticket=ticket).exclude(state=MessageState.WITHDRAWN).order_by("-pk").first()
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


def discard_draft(ticket: Ticket, kind: DraftKind, *, actor: Actor) -> None:
    """It was sent, or nothing is left of it."""
    if actor.person_id is not None:
        Draft.objects.filter(ticket=ticket, person_id=actor.person_id, kind=kind).delete()


def drafts_of(ticket: Ticket, person_id: int) -> list[Draft]:
    """This person's drafts, the one touched last first."""
    drafts = _drafts(ticket.pk, person_id)
    prefetch_related_objects(drafts, "attachments")
    return drafts


@fixed_read
def _drafts(ticket_id: int, person_id: int) -> QuerySet[Draft]:
    return Draft.objects.filter(ticket_id=ticket_id, person_id=person_id).order_by("-saved_at")


def kind_of(mode: str) -> DraftKind:
    """What is meant for colleagues, for the customer to read, and a mail are kept apart."""
    return _KINDS.get(mode, DraftKind.MAIL)


_KINDS = {"comment": DraftKind.COMMENT, "public_comment": DraftKind.PUBLIC}


def right_for(mode: str) -> str:
    """The right that a way of writing needs. Raises `InvalidValues` for one that there is not: it must never count as a mail."""
    if mode not in _RIGHTS:
        raise InvalidValues({"mode": gettext_lazy("There is no such choice.")})
    return _RIGHTS[mode]


_RIGHTS = {
    "reply": "may_reply",
    "reply_all": "may_reply",
    "forward": "may_forward",
    "comment": "may_comment",
    "public_comment": "may_comment_publicly",
}


def is_stale(draft: Draft) -> bool:
    """Somebody wrote to or from the customer after this draft was begun."""
    newer = Message.objects.filter(ticket_id=draft.ticket_id).exclude(state=MessageState.WITHDRAWN)
    return newer.filter(pk__gt=draft.based_on_id).exists() if draft.based_on_id else newer.exists()
