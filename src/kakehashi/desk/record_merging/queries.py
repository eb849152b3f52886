"""What was merged into what."""

from typing import Any

from kakehashi.core.errors import NotFound
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.records.models import DeskRecord

from .kinds import KINDS, kind_of
from .models import RecordMerge

_LONGEST_CHAIN = 50


def survivor_of(record: DeskRecord) -> DeskRecord:
    """What a merged record is today, however often that one was merged again; any other record itself."""
    rows = kind_of(record).rows().defer("search")
    for _step in range(_LONGEST_CHAIN):
        if record.merged_into_id is None:
            break
        record = rows.get(pk=record.merged_into_id)
    return record


def find_merge(portal: Portal, merge_id: int) -> tuple[RecordMerge, Any, list[Any]]:
    """A merge, its survivor and the others. Raises `NotFound`."""
    merge = RecordMerge.objects.filter(portal=portal, pk=merge_id).first()
    if merge is None:
        raise NotFound
    ids = list(merge.losers.order_by("pk").values_list("record_id", flat=True))
    records = KINDS[merge.kind].rows().defer("search").in_bulk([merge.survivor_id, *ids])
    return merge, records[merge.survivor_id], [records[pk] for pk in ids]
