"""Reading notes: those of a record, and for accounts and deals those of its people as well."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.safestring import SafeString, mark_safe

from kakehashi.core.errors import NotFound
from kakehashi.core.ids import is_id
from kakehashi.core.mentions import with_mentions as mentions_marked
from kakehashi.core.once import asked_once
from kakehashi.crm.files.models import RecordFile
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.records.models import Record
from kakehashi.crm.records.queries import visible_records

from .models import Note

SHOWN_NOTES = 5


@dataclass(frozen=True, slots=True)
class NotePage:
    notes: Sequence[Note]
    older: str  # the place after which older ones go on, "" at the end


def notes_of(record: Record) -> QuerySet[Note]:
    return Note.objects.filter(record=record, deleted_at=None)


@asked_once
def count_notes(record: Record) -> int:
    return notes_of(record).count()


def people_notes(access: CrmAccess, module: ModuleSchema, record: Record) -> QuerySet[Note]:
    """The record's own notes and those of the contacts that belong to it, as far as this person may see them."""
    contacts = _contacts_of(access, module, record)
    if contacts is None:
        return notes_of(record)
    return Note.objects.filter(Q(record=record) | Q(record__in=contacts.values("pk")), deleted_at=None)


def has_people(access: CrmAccess, module: ModuleSchema, record: Record) -> bool:
    """Whether there are contacts whose notes could be shown along."""
    return _contacts_of(access, module, record) is not None


def note_page(notes: QuerySet[Note], after: str = "") -> NotePage:
    """Pinned ones first, then newest first, `SHOWN_NOTES` at a time."""
    pinned = (
        list(notes.exclude(pinned_at=None).select_related("record__module").order_by("-pinned_at")) if not after else []
    )
    rest = notes.filter(pinned_at=None).select_related("record__module")
    if is_id(after):
        rest = rest.filter(pk__lt=int(after))
    found = list(rest.order_by("-pk")[: SHOWN_NOTES + 1])
    shown = found[:SHOWN_NOTES]
    return NotePage([*pinned, *shown], str(shown[-1].pk) if len(found) > SHOWN_NOTES else "")


def find_note(record: Record, note_id: int, *, deleted: bool = False) -> Note:
    """Raises `NotFound`."""
    notes = Note.objects.filter(record=record, deleted_at__isnull=not deleted).select_related("record__module")
    note = notes.filter(pk=note_id).first()
    if note is None:
        raise NotFound
    return note


def files_of_notes(notes: Sequence[Note]) -> dict[int, list[RecordFile]]:
    """The files of many notes in one query."""
    files: dict[int, list[RecordFile]] = {}
    if notes:
        rows = RecordFile.objects.select_related("attachment").filter(note__in=notes, deleted_at=None).order_by("pk")
        for row in rows:
            files.setdefault(row.note_id or 0, []).append(row)
    return files


def with_mentions(html: str, names: Sequence[str]) -> SafeString:
    """The note's HTML with "@name" of colleagues marked. `html` was cleaned when it was stored."""
    return mark_safe(mentions_marked(html, names))  # noqa: S308 - cleaned on the way in


def _contacts_of(access: CrmAccess, module: ModuleSchema, record: Record) -> QuerySet[Record] | None:
    """Of an account: the contacts that name it. Of a deal: the contact that it names."""
    people = next((other for other in access.schema if other.api_name == "Contacts" and other.is_visible), None)
    if people is None:
        return None
    if module.api_name == "Accounts":
        return visible_records(access, people).filter(
            lookups__target_id=record.pk, lookups__field="Account_Name", lookups__module_id=people.id
        )
    if module.api_name == "Deals" and (contact := record.values.get("Contact_Name")):
        return visible_records(access, people).filter(pk=contact)
    return None
