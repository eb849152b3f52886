"""Reading the files of a record."""

from collections.abc import Sequence

from django.db.models import Q, QuerySet

from kakehashi.core.errors import NotFound
from kakehashi.core.once import asked_once
from kakehashi.crm.records.models import Record

from .models import RecordFile

SHOWN_FILES = 10


def files_of(record: Record) -> QuerySet[RecordFile]:
    """The live files that lie with the record itself; those of a note are shown with the note."""
    return RecordFile.objects.filter(record=record, deleted_at=None, note=None)


@asked_once
def count_files(record: Record) -> int:
    return files_of(record).count()


def newest_files(record: Record, *, limit: int | None = SHOWN_FILES) -> Sequence[RecordFile]:
    return list(files_of(record).select_related("attachment").order_by("-pk")[:limit])


def find_file(record: Record, file_id: int, *, deleted: bool = False) -> RecordFile:
    """Raises `NotFound`."""
    files = RecordFile.objects.select_related("attachment", "record__module").filter(
        Q(note=None) | Q(note__deleted_at=None), record=record, deleted_at__isnull=not deleted
    )
    file = files.filter(pk=file_id).first()
    if file is None:
        raise NotFound
    return file
