"""The card of notes on a record page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from kakehashi.crm.files.models import RecordFile
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.record_form.queries import members_of
from kakehashi.crm.records.models import Record
from kakehashi.crm.records.queries import may_edit
from kakehashi.crm.records.slots import RecordPanel

from .models import Note
from .queries import NotePage, count_notes, files_of_notes, has_people, note_page, notes_of, people_notes, with_mentions

Shown = tuple[RecordFile, str, str]  # the file, its address, the address of its preview ("" for none)


@dataclass(frozen=True, slots=True)
class NoteRow:
    """A note as it is shown. `url` is "" for who may not change it; `of` and `of_url` name another record that it is about."""

    note: Note
    html: SafeString
    files: Sequence[Shown]
    url: str
    of: str
    of_url: str


def card_context(access: CrmAccess, record: Record, query: Mapping[str, str]) -> dict[str, Any]:
    module = access.schema.by_id[record.module_id]
    with_people = bool(query.get("people"))
    notes = people_notes(access, module, record) if with_people else notes_of(record)
    total = notes.count() if with_people else count_notes(record)
    page = note_page(notes, query.get("after", "")) if total else NotePage([], "")
    address = [access.org.pk, module.api_name, record.pk]
    return {
        "record": record,
        "rows": note_rows(access, page.notes, record.pk),
        "older": page.older,
        "total": total,
        "with_people": with_people,
        "may_show_people": has_people(access, module, record),
        "notes_url": reverse("crm_notes", args=address),
        "new_url": reverse("crm_note_new", args=address),
    }


def note_rows(access: CrmAccess, notes: Sequence[Note], record_id: int) -> list[NoteRow]:
    """`record_id` is the page's record: notes of others say whose they are."""
    files = files_of_notes(notes)
    names = (
        [name for _id, name in members_of(access)]
        if any("@" in note.text or "＠" in note.text for note in notes)
        else []
    )
    return [_row(access, note, files.get(note.pk, []), names, record_id) for note in notes]


def _row(
    access: CrmAccess,
    note: Note,
    files: Sequence[RecordFile],
    names: Sequence[str],
    record_id: int,
) -> NoteRow:
    address = [access.org.pk, note.record.module.api_name, note.record_id]
    is_mine = note.author_id == access.person.pk or may_edit(access, note.record)
    is_other = note.record_id != record_id
    return NoteRow(
        note=note,
        html=with_mentions(note.html, names),
        files=[file_links(address, file) for file in files],
        url=reverse("crm_note", args=[*address, note.pk]) if is_mine else "",
        of=note.record.name if is_other else "",
        of_url=reverse("crm_record", args=address) if is_other else "",
    )


def file_links(address: Sequence[Any], file: RecordFile) -> Shown:
    has_preview = file.attachment.is_image or file.attachment.is_pdf
    return (
        file,
        reverse("crm_file", args=[*address, file.pk]),
        reverse("crm_file_preview", args=[*address, file.pk]) if has_preview else "",
    )


def _render(request: HttpRequest, access: CrmAccess, record: Record) -> SafeString:
    return render_to_string("crm/notes/templates/card.html", card_context(access, record, request.GET), request)


NOTES = RecordPanel(
    key="notes",
    label=_("Notes"),
    icon="note",
    shows=lambda _access, _record: True,
    count=lambda _access, record: count_notes(record),
    render=_render,
    place="lower",
)
