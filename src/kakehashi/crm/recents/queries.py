"""What a person searched for and opened lately, as far as they may see it now."""

from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.records.models import Record

from .actions import MOST_OPENED
from .models import OpenedRecord, RecentSearch


def recent_searches(access: CrmAccess, *, most: int) -> list[str]:
    rows = RecentSearch.objects.filter(org=access.org, person=access.person).order_by("-searched_at")
    return list(rows.values_list("text", flat=True)[:most])


def recent_records(access: CrmAccess, *, most: int) -> list[Record]:
    """The latest first. Not what was deleted, what a right was lost to, nor what lies in a module that is not shown."""
    rows = OpenedRecord.objects.filter(org=access.org, person=access.person, record__deleted_at=None)
    rows = rows.select_related("record").defer("record__search").order_by("-opened_at")[:MOST_OPENED]
    shown = {module.id for module in access.schema if module.is_visible}
    return [
        row.record
        for row in rows
        if row.record.module_id in shown
        and access.reaches("see_all_records", row.record.module_id, row.record.owner_id)
    ][:most]
