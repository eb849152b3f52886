"""Writing, changing, pinning and removing notes."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kakehashi.core import clock
from kakehashi.core.actors import Actor
from kakehashi.core.errors import InvalidValues
from kakehashi.core.fields.rich import safe_html
from kakehashi.core.mentions import mentioned
from kakehashi.core.normalise.html import text_of_html
from kakehashi.crm.files.actions import add_files
from kakehashi.crm.orgs.models import Membership
from kakehashi.crm.records.models import Record
from kakehashi.crm.records.telling import tell_of

from .models import Note, NoteMention

_LONGEST = 32_000


@transaction.atomic
def add_note(record: Record, *, html: str, title: str = "", files: Sequence[Any] = (), actor: Actor) -> Note:
    """Raises `InvalidValues` when there is nothing to keep."""
    html = _checked(html, title, has_files=bool(files))
    note = Note.objects.create(
        org_id=record.org_id,
        record=record,
        title=title.strip(),
        html=html,
        text=text_of_html(html),
        author_id=actor.person_id,
        author_name=actor.name,
        created_at=clock.now(),
    )
    add_files(record, uploads=files, note=note, actor=actor)
    _remember_mentions(note)
    tell_of(record, "note_added", actor, note=note.pk)
    return note


@transaction.atomic
def change_note(note: Note, *, html: str, title: str = "", files: Sequence[Any] = (), actor: Actor) -> Note:
    """Raises `InvalidValues` when nothing would be left of it."""
    kept = note.files.filter(deleted_at=None).exists()
    html = _checked(html, title, has_files=bool(files) or kept)
    if (html, title.strip()) == (note.html, note.title) and not files:
        return note
    note.html, note.text, note.title = html, text_of_html(html), title.strip()
    note.modified_at, note.modified_by_name = clock.now(), actor.name
    note.save(update_fields=["html", "text", "title", "modified_at", "modified_by_name"])
    add_files(note.record, uploads=files, note=note, actor=actor)
    _remember_mentions(note)
    tell_of(note.record, "note_changed", actor, note=note.pk)
    return note


@transaction.atomic
def pin_note(note: Note, *, actor: Actor) -> Note:
    """Above the others from now on."""
    return _set_pin(note, clock.now(), actor)


@transaction.atomic
def unpin_note(note: Note, *, actor: Actor) -> Note:
    return _set_pin(note, None, actor)


@transaction.atomic
def delete_note(note: Note, *, actor: Actor) -> Note:
    """Out of sight; `restore_note` brings it back with its files."""
    if note.deleted_at is None:
        note.deleted_at = clock.now()
        note.save(update_fields=["deleted_at"])
        tell_of(note.record, "note_deleted", actor, note=note.pk)
    return note


@transaction.atomic
def restore_note(note: Note, *, actor: Actor) -> Note:
    if note.deleted_at is not None:
        note.deleted_at = None
        note.save(update_fields=["deleted_at"])
        tell_of(note.record, "note_restored", actor, note=note.pk)
    return note


def _set_pin(note: Note, at: Any, actor: Actor) -> Note:
    if (note.pinned_at is None) != (at is None):
        note.pinned_at = at
        note.save(update_fields=["pinned_at"])
        tell_of(note.record, "note_pinned" if at else "note_unpinned", actor, note=note.pk)
    return note


def _checked(html: str, title: str, *, has_files: bool) -> str:
    if len(html) > _LONGEST:
        raise InvalidValues({"html": _("This note is too long. Attach the text as a file instead.")})
    cleaned = safe_html(html.replace("\x00", ""))
    cleaned = cleaned if text_of_html(cleaned) else ""
    if not (cleaned or title.strip() or has_files):
        raise InvalidValues({"html": _("Write something, or attach a file.")})
    return cleaned


def _remember_mentions(note: Note) -> None:
    note.mentions.all().delete()
    if "@" not in note.text and "＠" not in note.text:
        return
    members = Membership.objects.select_related("person").filter(org_id=note.org_id, is_active=True)
    named = [(member.person_id, member.person.name) for member in members]
    NoteMention.objects.bulk_create(
        NoteMention(note=note, person_id=person_id) for person_id in mentioned(note.text, named)
    )
