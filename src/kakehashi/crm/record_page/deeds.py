"""What can happen to a record, in words for its timeline, and the kinds by which one filters. Add a deed here when you write a
new event about records."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kakehashi.core.errors import Text
from kakehashi.core.events.models import Event
from kakehashi.crm.notes.models import Note
from kakehashi.ui.slots import Slot


@dataclass(frozen=True, slots=True)
class Deed:
    """`sentence` has gaps: {person}, and of what the event tells {tag}, {file}, {note}, {about}."""

    kind: str
    sentence: Text
    icon: str


@dataclass(frozen=True, slots=True)
class DeedKind:
    label: Text
    topics: tuple[str, ...]


_DEEDS = {
    "updated": Deed("fields", _("{person} changed this"), "pencil"),
    "created": Deed("life", _("{person} created this"), "plus"),
    "deleted": Deed("life", _("{person} deleted this"), "trash"),
    "restored": Deed("life", _("{person} restored this"), "restore"),
    "merged": Deed("life", _("{person} merged records"), "git-merge"),
    "unmerged": Deed("life", _("{person} took a merge back"), "arrows-split-2"),
    "converted": Deed("life", _("{person} converted this lead"), "switch-horizontal"),
    "unconverted": Deed("life", _("{person} took the conversion back"), "arrow-back-up"),
    "note_added": Deed("notes", _("{person} wrote a note {note}"), "note"),
    "note_changed": Deed("notes", _("{person} changed a note {note}"), "note"),
    "note_deleted": Deed("notes", _("{person} deleted a note"), "trash"),
    "note_restored": Deed("notes", _("{person} restored a note {note}"), "restore"),
    "note_pinned": Deed("notes", _("{person} pinned a note {note}"), "flag"),
    "note_unpinned": Deed("notes", _("{person} unpinned a note {note}"), "flag"),
    "file_added": Deed("notes", _("{person} attached {file}"), "paperclip"),
    "file_deleted": Deed("notes", _("{person} deleted the file {file}"), "trash"),
    "file_restored": Deed("notes", _("{person} restored the file {file}"), "restore"),
    "tagged": Deed("tags", _("{person} added the tag {tag}"), "tag"),
    "untagged": Deed("tags", _("{person} removed the tag {tag}"), "tag"),
}
_LABELS = {
    "fields": _("Changes of fields"),
    "notes": _("Notes and files"),
    "tags": _("Tags"),
    "life": pgettext_lazy("timeline", "Created, merged, deleted"),
}
KINDS = {
    key: DeedKind(label, tuple(f"crm.record.{name}" for name, deed in _DEEDS.items() if deed.kind == key))
    for key, label in _LABELS.items()
}
_UNKNOWN = Deed("life", "{person}", "history")
_LONGEST = 60


# Deeds of floors above, by the last word of their topic.
MORE_DEEDS: Slot[tuple[str, Deed]] = Slot("more deeds")


def deed_of(topic: str) -> Deed:
    name = topic.rpartition(".")[2]
    return _DEEDS.get(name) or dict(MORE_DEEDS).get(name, _UNKNOWN)


def note_titles(events: Iterable[Event]) -> dict[int, str]:
    """What the notes that are told of are called; a deleted one keeps silent."""
    ids = {event.data["note"] for event in events if "note" in event.data}
    notes = Note.objects.filter(pk__in=ids, deleted_at=None) if ids else []
    return {note.pk: _short(note.title or note.text) for note in notes}


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"
