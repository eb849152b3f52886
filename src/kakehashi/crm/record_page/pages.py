"""The page of one record."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_POST

from kakehashi.core.errors import NotFound, Text
from kakehashi.core.fields.kind import Names
from kakehashi.core.ids import id_in
from kakehashi.crm.deals.bar import stage_bar
from kakehashi.crm.list_views.queries import neighbours
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.access import CrmAccess, crm_page
from kakehashi.crm.orgs.workspace import render_module_page
from kakehashi.crm.recents.actions import note_opened
from kakehashi.crm.records.actions import delete_record
from kakehashi.crm.records.derived import kana_of
from kakehashi.crm.records.models import Record
from kakehashi.crm.records.queries import find_deletable, find_record, may_delete, may_edit, names_for, values_of
from kakehashi.crm.records.slots import RAIL_HINTS, RECORD_ACTIONS, RECORD_PANELS
from kakehashi.crm.sales_signals.marks import mark_context
from kakehashi.crm.tags.pages import tags_context
from kakehashi.ui.shell.workspace import Tab
from kakehashi.ui.templatetags.ui_lists import Filter

from .absent import show_absent
from .cards import overview_of
from .deeds import KINDS
from .folding import folded_panels
from .history import history_of
from .related import RelatedList, related_lists

TEMPLATES = "crm/record_page/templates"


@dataclass(frozen=True, slots=True)
class Card:
    """A card below the fields: its anchor, its place in the rail, and where to tell that it is folded."""

    key: str
    label: Text
    icon: str
    count: int | None
    html: SafeString
    fold_url: str
    is_folded: bool


@require_GET
@crm_page
def record(request: HttpRequest, access: CrmAccess, module_name: str, record_id: int) -> HttpResponse:
    try:
        found = find_record(access, module_name, record_id)
    except NotFound:
        return show_absent(request, access, module_name, record_id)
    note_opened(access, found)
    module = access.schema[module_name]
    related = list(related_lists(access, module, found))
    cards = list(_cards(request, access, module, found, related))
    context = {
        **head_context(access, module, found),
        **cards_context(access, module, found),
        "cards": cards,
        "related": related,
        "rail": [Tab(card.key, card.label, f"#{card.key}", card.icon, card.count) for card in cards],
        "hints": [hint for source in RAIL_HINTS if (hint := source(access, found))],
    }
    return render_module_page(request, access, module, f"{TEMPLATES}/record.html", context)


def _cards(
    request: HttpRequest, access: CrmAccess, module: ModuleSchema, found: Record, related: Sequence[RelatedList]
) -> Iterator[Card]:
    """What stands below the fields, in order: upper panels, lists of related records, lower panels, the timeline."""
    folded = folded_panels(access, module)
    panels = [panel for panel in RECORD_PANELS if panel.shows(access, found)]

    def card(key: str, label: Text, icon: str, count: int | None, html: SafeString) -> Card:
        url = reverse("crm_panel", args=[access.org.pk, module.api_name, key])
        return Card(key, label, icon, count, html, url, key in folded)

    def of_panels(place: str) -> Iterator[Card]:
        for panel in panels:
            if panel.place == place:
                html = panel.render(request, access, found)
                yield card(panel.key, panel.label, panel.icon, panel.count(access, found), html)

    yield from of_panels("upper")
    for entry in related:
        html = render_to_string(f"{TEMPLATES}/related.html", {"list": entry}, request)
        yield card(entry.key, entry.label, entry.module.icon, entry.count, html)
    yield from of_panels("lower")
    context = _history_context(access, module, found)
    yield card(
        "timeline", _("Timeline"), "history", None, render_to_string(f"{TEMPLATES}/history.html", context, request)
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
    before, kind = request.GET.get("before", ""), request.GET.get("kind", "")
    place = id_in(before)
    context = _history_context(access, access.schema[module_name], found, place, kind)
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
        "stage_bar": stage_bar(access, module, record),
        "record_url": reverse("crm_record", args=[*address, record.pk]),
        "edit_url": reverse("crm_record_edit", args=[*address, record.pk]) if may_edit(access, record) else "",
        "delete_url": reverse("crm_record_deletion", args=[*address, record.pk]) if may_delete(access, record) else "",
        "similar_url": reverse("crm_similar", args=[*address, record.pk])
        if may_edit(access, record) and may_delete(access, record)
        else "",
        "newer_url": reverse("crm_record", args=[*address, newer]) if newer else "",
        "older_url": reverse("crm_record", args=[*address, older]) if older else "",
        **tags_context(access, module, record),
        **mark_context(access, module.api_name, record.pk),
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
    access: CrmAccess, module: ModuleSchema, record: Record, before: int | None = None, kind: str = ""
) -> dict[str, Any]:
    kind = kind if kind in KINDS else ""
    url = reverse("crm_record_history", args=[access.org.pk, module.api_name, record.pk])
    kinds = [("", pgettext("timeline", "Everything")), *((key, entry.label) for key, entry in KINDS.items())]
    return {
        "record": record,
        "history": history_of(record, module, before=before, kind=kind),
        "history_url": f"{url}?kind={kind}",
        "kinds": [Filter(label, f"{url}?kind={key}", None, key == kind) for key, label in kinds],
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
