"""Putting files with a record, and taking them away."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from kakehashi.core import clock
from kakehashi.core.actors import Actor
from kakehashi.core.attachments.actions import store_attachment
from kakehashi.crm.notes.models import Note
from kakehashi.crm.records.models import Record
from kakehashi.crm.records.telling import tell_of

from .models import RecordFile


@transaction.atomic
def add_files(record: Record, *, uploads: Sequence[Any], note: Note | None = None, actor: Actor) -> list[RecordFile]:
    """Uploaded files (name, content type, bytes to read). Raises `FileIsTooLarge`, `FileTypeIsBlocked`; then none is kept."""
    files = [_add(record, upload, note, actor) for upload in uploads]
    if note is None:
        for file in files:
            tell_of(record, "file_added", actor, file=file.attachment.name)
    return files


@transaction.atomic
def delete_file(file: RecordFile, *, actor: Actor) -> RecordFile:
    """Out of sight; `restore_file` brings it back."""
    if file.deleted_at is None:
        file.deleted_at = clock.now()
        file.save(update_fields=["deleted_at"])
        tell_of(file.record, "file_deleted", actor, file=file.attachment.name)
    return file


@transaction.atomic
def restore_file(file: RecordFile, *, actor: Actor) -> RecordFile:
    if file.deleted_at is not None:
        file.deleted_at = None
        file.save(update_fields=["deleted_at"])
        tell_of(file.record, "file_restored", actor, file=file.attachment.name)
    return file


def _add(record: Record, upload: Any, note: Note | None, actor: Actor) -> RecordFile:
    attachment = store_attachment(
        tenant=f"org:{record.org_id}",
        name=upload.name,
        content=upload.file,
        content_type=upload.content_type or "",
        actor=actor,
    )
    return RecordFile.objects.create(org_id=record.org_id, record=record, note=note, attachment=attachment)
