"""What was merged into what."""

from kakehashi.core.errors import NotFound
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.records.models import Record
from kakehashi.crm.records.queries import visible_records

from .models import Merge, MergedRecord

_LONGEST_CHAIN = 50


def survivor_of(org_id: int, record_id: int) -> int | None:
    """The record that a merged one is today, however often that one was merged again; None if it is no merged one."""
    found: int | None = None
    for _step in range(_LONGEST_CHAIN):
        standing = MergedRecord.objects.filter(org_id=org_id, record_id=found or record_id, merge__undone_at=None)
        into = standing.order_by("-pk").values_list("merge__survivor_id", flat=True).first()
        if into is None:
            return found
        found = into
    return found


def merged_into(record_id: int) -> list[int]:
    """The records that went into this one, and those that went into them."""
    found: list[int] = []
    open_ids = [record_id]
    for _step in range(_LONGEST_CHAIN):
        rows = MergedRecord.objects.filter(merge__survivor_id__in=open_ids, merge__undone_at=None)
        open_ids = [one for one in rows.values_list("record_id", flat=True) if one not in found]
        if not open_ids:
            break
        found += open_ids
    return found


def find_merge(access: CrmAccess, merge_id: int) -> tuple[Merge, Record]:
    """A merge and its survivor, if this person may see that one. Raises `NotFound`."""
    merge = Merge.objects.filter(org_id=access.org.pk, pk=merge_id).first()
    if merge is None:
        raise NotFound
    module = access.schema.by_id[merge.module_id]
    survivor = visible_records(access, module).filter(pk=merge.survivor_id).first()
    if survivor is None:
        raise NotFound
    return merge, survivor
