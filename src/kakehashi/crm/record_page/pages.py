"""The page of one record."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kakehashi.core.errors import NotFound
from kakehashi.crm.fields.kind import Names
from kakehashi.crm.list_views.queries import neighbours
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.access import CrmAccess, crm_page
from kakehashi.crm.orgs.workspace import workspace_of
from kakehashi.crm.records.actions import delete_record
from kakehashi.crm.records.derived import kana_of
from kakehashi.crm.records.models import Record
from kakehashi.crm.records.queries import find_deletable, find_record, may_delete, may_edit, names_for, values_of
from kakehashi.crm.records.slots import RECORD_ACTIONS, RECORD_PANELS
from kakehashi.ui.shell.workspace import Tab, render_page

from .absent import show_absent
from .cards import overview_of
from .history import history_of
from .related import RelatedList, related_lists

TEMPLATES = "crm/record_page/templates"


@require_GET
@crm_page
def record(request: HttpRequest, access: CrmAccess, module_name: str, record_id: int) -> HttpResponse:
    try:
        found = find_record(access, module_name, record_id)
    except NotFound:
        return show_absent(request, access, module_name, record_id)
    module = access.schema[module_name]
    related = list(related_lists(access, module, found))
    panels = [panel for panel in RECORD_PANELS if panel.shows(access, found)]
    context = {
        **head_context(access, module, found),
        **cards_context(access, module, found),
        **_history_context(access, module, found),
        "panels": [(panel, panel.render(request, access, found)) for panel in panels],
        "related": related,
        "rail": [
            Tab(panel.key, panel.label, f"#{panel.key}", panel.icon, panel.count(access, found)) for panel in panels
        ]
        + [_rail_entry(entry) for entry in related],
    }
    return render_page(
        request, f"{TEMPLATES}/record.html", context, workspace=workspace_of(access), active=module.api_name
    )


@require_GET
@crm_page
def head(request: HttpRequest, access: CrmAccess, module_name: str, record_id: int) -> HttpResponse:
    """The head of the page again, after somebody changed the record."""
    found = find_record(access, module_name, record_id)
    return render(request, f"{TEMPLATES}/head.html", head_context(access, access.schema[module_name], found))


@require_GET
@crm_page
def cards(request: HttpRequest, access: CrmAccess, module_name: str, record_id: int) -> HttpResponse:
    """The fields again, after somebody changed the record."""
    found = find_record(access, module_name, record_id)
    return render(request, f"{TEMPLATES}/cards.html", cards_context(access, access.schema[module_name], found))


@require_GET
@crm_page
def history(request: HttpRequest, access: CrmAccess, module_name: str, record_id: int) -> HttpResponse:
    """The timeline again, or what is older."""
    found = find_record(access, module_name, record_id)
    before = request.GET.get("before", "")
    context = _history_context(access, access.schema[module_name], found, int(before) if before.isdecimal() else None)
    template = "older.html" if before else "history.html"
    return render(request, f"{TEMPLATES}/{template}", context)


@require_POST
@crm_page
def deletion(request: HttpRequest, access: CrmAccess, module_name: str, record_id: int) -> HttpResponse:
    """Into the recycle bin, with a way back."""
    found = find_deletable(access, module_name, record_id)
    delete_record(found, actor=access.actor)
    module = access.schema[module_name]
    undo = reverse("crm_restoration", args=[access.org.pk, module.api_name])
    said = _("“%(name)s” was deleted.") % {"name": found.name}
    messages.success(request, said, extra_tags=f"{undo}?selected={found.pk}")
    return redirect("crm_list", access.org.pk, module.api_name)


def head_context(access: CrmAccess, module: ModuleSchema, record: Record) -> dict[str, Any]:
    names = names_for([record], module, access)
    values = values_of(record, module)
    address = [access.org.pk, module.api_name]
    newer, older = neighbours(access, module, record)
    return {
        "record": record,
        "module": module,
        "record_url": reverse("crm_record", args=[*address, record.pk]),
        "edit_url": reverse("crm_record_edit", args=[*address, record.pk]) if may_edit(access, record) else "",
        "delete_url": reverse("crm_record_deletion", args=[*address, record.pk]) if may_delete(access, record) else "",
        "similar_url": reverse("crm_similar", args=[*address, record.pk])
        if may_edit(access, record) and may_delete(access, record)
        else "",
        "newer_url": reverse("crm_record", args=[*address, newer]) if newer else "",
        "older_url": reverse("crm_record", args=[*address, older]) if older else "",
        "kana": kana_of(values),
        "chips": _chips(access, module, record, names),
        "job": " ".join(str(values[name]) for name in ("Department", "Title", "Designation") if values.get(name)),
        "owner_name": names.people.get(record.owner_id or 0, ""),
        "actions": [(action, action.url(access, record)) for action in RECORD_ACTIONS if action.shows(access, record)],
    }


def cards_context(access: CrmAccess, module: ModuleSchema, record: Record) -> dict[str, Any]:
    names = names_for([record], module, access)
    return {
        "record": record,
        "overview": overview_of(access, module, record, names),
        "cards_url": reverse("crm_record_cards", args=[access.org.pk, module.api_name, record.pk]),
    }


def _history_context(
    access: CrmAccess, module: ModuleSchema, record: Record, before: int | None = None
) -> dict[str, Any]:
    return {
        "record": record,
        "history": history_of(record, module, before=before),
        "history_url": reverse("crm_record_history", args=[access.org.pk, module.api_name, record.pk]),
    }


def _chips(access: CrmAccess, module: ModuleSchema, record: Record, names: Names) -> list[dict[str, str]]:
    """The records that this one belongs to: its account, a deal's contact; a lead's company as it was typed. One that this
    person may not see is named, since the record names it, but no link leads there.
    """
    chips = []
    for field in module.lookups:
        target = record.values.get(field.api_name)
        if target in names.records and field.lookup_module != module.api_name:
            is_open = names.opens(target) and field.lookup_module in access.schema
            url = reverse("crm_record", args=[access.org.pk, field.lookup_module, target]) if is_open else ""
            icon = access.schema[field.lookup_module].icon if field.lookup_module in access.schema else "table"
            chips.append({"label": names.records[target], "url": url, "icon": icon})
    if company := values_of(record, module).get("Company"):
        chips.append({"label": str(company), "url": "", "icon": "building"})
    return chips


def _rail_entry(related: RelatedList) -> Tab:
    return Tab(related.key, related.label, f"#{related.key}", related.module.icon, related.count)
