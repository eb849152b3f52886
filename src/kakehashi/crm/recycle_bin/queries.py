"""What lies in the recycle bin, over all modules."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import QuerySet

from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.orgs.models import Org
from kakehashi.crm.records.models import Record
from kakehashi.crm.records.queries import found_by, restorable_records

from .models import KEEP_DAYS, BinSetting


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


def keep_days(org: Org) -> int | None:
    """After how many days the bin is emptied; None for never."""
    setting = BinSetting.objects.filter(org=org).first()
    return setting.keep_days if setting else KEEP_DAYS
