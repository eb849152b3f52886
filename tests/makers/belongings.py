"""Notes, files and tags for tests."""

from django.core.files.uploadedfile import SimpleUploadedFile

from kakehashi.core.actors import SYSTEM, Actor
from kakehashi.crm.files.actions import add_files
from kakehashi.crm.files.models import RecordFile
from kakehashi.crm.notes.actions import add_note
from kakehashi.crm.notes.models import Note
from kakehashi.crm.records.models import Record
from kakehashi.crm.tags.actions import tag_record
from kakehashi.crm.tags.models import Tag


def make_note(record: Record, text: str = "来週もう一度お電話する", *, actor: Actor = SYSTEM, title: str = "") -> Note:
    return add_note(record, html=f"<div>{text}</div>", title=title, actor=actor)


def make_file(
    record: Record,
    name: str = "見積書.pdf",
    content: bytes = b"%PDF-1.7",
    *,
    content_type: str = "application/pdf",
    actor: Actor = SYSTEM,
) -> RecordFile:
    return add_files(record, uploads=[SimpleUploadedFile(name, content, content_type)], actor=actor)[0]


def make_tag(record: Record, name: str = "重要", *, actor: Actor = SYSTEM) -> Tag:
    return tag_record(record, name=name, actor=actor)
