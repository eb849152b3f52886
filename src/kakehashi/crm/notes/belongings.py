"""Notes go where their record goes: into the survivor of a merge, from a lead to its contact, and back."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from kakehashi.crm.files.models import RecordFile
from kakehashi.crm.records.slots import RecordBelongings

from .models import Note


def _move(from_id: int, to_id: int) -> list[int]:
    ids = list(Note.objects.filter(record=from_id).values_list("pk", flat=True))
    _hand(ids, from_id, to_id)
    return ids


def _give_back(moved: Sequence[int], from_id: int, to_id: int) -> None:
    _hand(moved, to_id, from_id)


def _hand(ids: Sequence[int], holder: int, to_id: int) -> None:
    """The notes with their files, as far as they still lie there."""
    RecordFile.objects.filter(record=holder, note__in=ids).update(record_id=to_id)
    Note.objects.filter(record=holder, pk__in=ids).update(record_id=to_id)


def _erase(record_ids: Sequence[int]) -> None:
    Note.objects.filter(record__in=record_ids).delete()


NOTES_GO_ALONG = RecordBelongings(
    key="notes",
    label=_("Notes"),
    move=_move,
    give_back=_give_back,
    count=lambda record_ids: Note.objects.filter(record__in=record_ids, deleted_at=None).count(),
    erase=_erase,
)
