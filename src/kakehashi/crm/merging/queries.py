"""What was merged into what."""

from collections.abc import Collection

from django.db import connection

from kakehashi.core.among import as_bigints
from kakehashi.core.errors import NotFound
from kakehashi.core.planning import planned_once
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.records.models import Record
from kakehashi.crm.records.queries import visible_records

from .models import Merge, MergedRecord

_LONGEST_CHAIN = 50
_MERGED_INTO = """
WITH RECURSIVE gone(id) AS (
    SELECT loser.record_id FROM crm_merge JOIN crm_mergedrecord loser ON loser.merge_id = crm_merge.id
    WHERE survivor_id = ANY(%s::bigint[]) AND undone_at IS NULL
    UNION
    SELECT loser.record_id FROM gone JOIN crm_merge ON survivor_id = gone.id
    JOIN crm_mergedrecord loser ON loser.merge_id = crm_merge.id WHERE undone_at IS NULL
) SELECT id FROM gone
"""


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


def merged_into(record_ids: Collection[int]) -> list[int]:
    """The records that went into these, and those that went into them."""
    if not record_ids:
        return []
    with planned_once(), connection.cursor() as cursor:
        cursor.execute(_MERGED_INTO, [as_bigints(record_ids)])
        return [row[0] for row in cursor.fetchall()]


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
