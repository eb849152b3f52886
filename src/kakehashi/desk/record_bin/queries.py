from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from kakehashi.core.keeping import days_of
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.records.writing import Kind

from .models import BinSetting


def binned(portal: Portal, kind: Kind[Any]) -> QuerySet[Any]:
    """Deleted ones. Merged and erased records are not here: they come back otherwise, or never."""
    rows = kind.rows().filter(portal=portal, deleted_at__isnull=False, merged_into=None, erased_at=None)
    return rows.defer("search")


def merged_into(kind: Kind[Any], portal: Portal, ids: Sequence[int]) -> list[Any]:
    """The same person, company or thing, out of sight; and those that had become part of these before."""
    found: list[Any] = []
    latest = list(ids)
    while latest:
        merged = list(kind.rows().filter(portal=portal, merged_into__in=latest, erased_at=None).order_by("pk"))
        found += merged
        latest = [record.pk for record in merged]
    return found


def keep_days(portal: Portal) -> int | None:
    """After how many days the bin is emptied; None for never."""
    return days_of(BinSetting.objects.filter(portal=portal).first())
