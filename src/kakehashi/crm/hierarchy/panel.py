"""The card that shows what stands above and below an account, with what belongs to all of them together."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from kakehashi.crm.deals.queries import open_deals
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.access import CrmAccess, crm_page
from kakehashi.crm.records.hierarchy import ABOVE, parents_above
from kakehashi.crm.records.models import Record, RecordLookup
from kakehashi.crm.records.queries import find_record, visible_records
from kakehashi.crm.records.slots import RecordPanel

_MOST_SHOWN = 50
_MOST_COUNTED = 1_000
_MOST_LEVELS = 20


@dataclass(frozen=True, slots=True)
class Branch:
    """A record in the tree. `url` is "" for the page's own."""

    name: str
    url: str
    depth: int


@require_GET
@crm_page
def totals(request: HttpRequest, access: CrmAccess, module_name: str, record_id: int) -> HttpResponse:
    """Contacts and open deals of an account and all that stand below it, as far as this person may see them."""
    record = find_record(access, module_name, record_id)
    module = access.schema[module_name]
    ids = [record.pk, *_below(access, module, record)]
    context = {"accounts": len(ids), "counts": list(_counts(access, ids))}
    return render(request, "crm/hierarchy/templates/totals.html", context)


def _below(access: CrmAccess, module: ModuleSchema, record: Record) -> list[int]:
    found: dict[int, None] = {}
    front = [record.pk]
    for _level in range(_MOST_LEVELS):
        rows = RecordLookup.objects.filter(target__in=front, field=ABOVE[module.api_name], module_id=module.id)
        ids = visible_records(access, module).filter(pk__in=rows.values("record_id")).values_list("pk", flat=True)
        front = [one for one in ids[:_MOST_COUNTED] if one not in found and one != record.pk]
        if not front or len(found) > _MOST_COUNTED:
            break
        found |= dict.fromkeys(front)
    return list(found)


def _counts(access: CrmAccess, ids: list[int]) -> Any:
    for name in ("Contacts", "Deals"):
        other = next((module for module in access.schema if module.api_name == name and module.is_visible), None)
        if other is None or "Account_Name" not in other.fields:
            continue
        rows = RecordLookup.objects.filter(target__in=ids, field="Account_Name", module_id=other.id)
        found = open_deals(access) if name == "Deals" else visible_records(access, other)
        count = found.filter(pk__in=rows.values("record_id")).count()
        yield (_("Open deals") if name == "Deals" else other.plural), count


def tree_of(access: CrmAccess, record: Record) -> list[Branch]:
    """From the top down to the record, then what stands right below it. Empty when it stands alone."""
    module = access.schema.by_id[record.module_id]
    field = ABOVE[module.api_name]
    above = parents_above(record.pk, field, module)
    seen = {one.pk: one for one in visible_records(access, module).filter(pk__in=above)}
    line = [seen[one] for one in reversed(above) if one in seen]
    rows = RecordLookup.objects.filter(target=record.pk, field=field, module_id=module.id)
    children = visible_records(access, module).filter(pk__in=rows.values("record_id")).order_by("sort_name", "pk")
    below = list(children[:_MOST_SHOWN])
    if not line and not below:
        return []

    def branch(one: Record, depth: int) -> Branch:
        return Branch(one.name, reverse("crm_record", args=[access.org.pk, module.api_name, one.pk]), depth)

    return [
        *(branch(one, depth) for depth, one in enumerate(line)),
        Branch(record.name, "", len(line)),
        *(branch(one, len(line) + 1) for one in below),
    ]


def _shows(access: CrmAccess, record: Record) -> bool:
    module = access.schema.by_id[record.module_id]
    field = ABOVE.get(module.api_name)
    if module.api_name != "Accounts" or field not in module.fields:
        return False
    rows = RecordLookup.objects.filter(target=record.pk, field=field, module_id=module.id)
    return bool(record.values.get(field)) or rows.exists()


def _render(request: HttpRequest, access: CrmAccess, record: Record) -> SafeString:
    module = access.schema.by_id[record.module_id]
    context = {
        "branches": tree_of(access, record),
        "totals_url": reverse("crm_hierarchy_totals", args=[access.org.pk, module.api_name, record.pk]),
    }
    return render_to_string("crm/hierarchy/templates/card.html", context, request)


HIERARCHY = RecordPanel(
    key="hierarchy",
    label=_("Hierarchy"),
    icon="hierarchy",
    shows=_shows,
    count=lambda _access, _record: None,
    render=_render,
)
