"""Attachments go where their record goes. Those of notes go with the notes."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from kakehashi.crm.records.slots import RecordBelongings

from .models import RecordFile


def _move(from_id: int, to_id: int) -> list[int]:
    ids = list(RecordFile.objects.filter(record=from_id, note=None).values_list("pk", flat=True))
    RecordFile.objects.filter(pk__in=ids).update(record_id=to_id)
    return ids


def _give_back(moved: Sequence[int], from_id: int, to_id: int) -> None:
    RecordFile.objects.filter(record=to_id, pk__in=moved).update(record_id=from_id)


def _erase(record_ids: Sequence[int]) -> None:
    RecordFile.objects.filter(record__in=record_ids).delete()


FILES_GO_ALONG = RecordBelongings(
    key="files",
    label=_("Attachments"),
    move=_move,
    give_back=_give_back,
    count=lambda record_ids: RecordFile.objects.filter(record__in=record_ids, deleted_at=None).count(),
    erase=_erase,
)
