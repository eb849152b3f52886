"""What lies in the recycle bin, over all modules."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import Count, Exists, OuterRef, QuerySet

from kakehashi.core.keeping import days_of
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.orgs.models import Org
from kakehashi.crm.records.models import Record, RecordLookup
from kakehashi.crm.records.queries import found_by, restorable_records

from .models import BinSetting


@dataclass(frozen=True, slots=True)
class BinChoice:
    """What a person asked to see."""

    module: str = ""
    person: str = ""
    text: str = ""

    @property
    def is_filtered(self) -> bool:
        return bool(self.module or self.person or self.text)


def bin_modules(access: CrmAccess) -> list[ModuleSchema]:
    """The modules whose records this person may bring back."""
    return [module for module in access.schema if access.may("delete_records", module)]


def bin_records(access: CrmAccess, choice: BinChoice) -> QuerySet[Record]:
    """What this person may bring back, last deleted first."""
    modules = [module for module in bin_modules(access) if choice.module in ("", module.api_name)]
    parts = [restorable_records(access, module) for module in modules]
    if choice.text:
        parts = [found_by(part, module, choice.text) for part, module in zip(parts, modules, strict=True)]
    found = reduce(or_, parts, Record.objects.none())
    if choice.person:
        found = found.filter(deleted_by_name=choice.person)
    return found.order_by("-deleted_at", "-pk")


def deleters(access: CrmAccess) -> Sequence[str]:
    """The names of those who deleted something that is still there."""
    names = bin_records(access, BinChoice()).order_by("deleted_by_name").values_list("deleted_by_name", flat=True)
    return [name for name in names.distinct()[:200] if name]


def due_records(org: Org, before: datetime) -> QuerySet[Record]:
    """What was deleted before that and nothing names but what is due itself: neither a living record nor one that may still come back."""
    rows = Record.objects.filter(org=org, gone_as="", deleted_at__isnull=False, deleted_at__lt=before)
    return rows.exclude(Exists(_namers().filter(target=OuterRef("pk")).exclude(record__deleted_at__lt=before)))


def namers_of(ids: Collection[int]) -> dict[int, int]:
    """How many other records name each of these."""
    rows = _namers().filter(target__in=ids).exclude(record__in=ids)
    return dict(rows.order_by().values_list("target").annotate(Count("record", distinct=True)))


def _namers() -> QuerySet[RecordLookup]:
    return RecordLookup.objects.filter(record__gone_as="")


def keep_days(org: Org) -> int | None:
    """After how many days the bin is emptied; None for never."""
    return days_of(BinSetting.objects.filter(org=org).first())
