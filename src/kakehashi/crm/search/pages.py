from collections.abc import Sequence
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_POST

from kakehashi.core.fields.kind import Names
from kakehashi.core.fields.registry import kind_of
from kakehashi.core.search.highlights import around, holds, parts_of
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.access import CrmAccess, crm_page
from kakehashi.crm.orgs.workspace import workspace_of
from kakehashi.crm.recents.actions import forget_recents, note_search
from kakehashi.crm.recents.queries import recent_records, recent_searches
from kakehashi.crm.records.models import Record
from kakehashi.crm.records.queries import values_of
from kakehashi.ui.htmx import is_fragment
from kakehashi.ui.shell.workspace import render_page
from kakehashi.ui.templatetags.ui_lists import Filter

from .queries import MOST_RANKED, Group, search_module, search_records

_LONGEST = 200
_PAGE_ROWS = 50
_RECENTS = 6
_TOLD = ("Company", "Email", "Phone", "Product_Code", "Stage", "Website")


@require_GET
@crm_page
def search(request: HttpRequest, access: CrmAccess) -> HttpResponse:
    """The page of results, of all modules or of `?module=`; the short list below the search box while somebody types."""
    text = request.GET.get("q", "").strip()[:_LONGEST]
    address = reverse("crm_search", args=[access.org.pk])
    groups = search_records(access, text, limit=5 if is_fragment(request) else 20)
    context: dict[str, Any] = {"text": text, "search_url": address}
    if not text:
        context |= _recents(access)
    elif not is_fragment(request):
        note_search(access, text)
    if is_fragment(request):
        context["groups"] = [_shown(access, group, text, address) for group in groups]
        return render(request, "crm/search/templates/suggestions.html", context)
    chosen = next((group for group in groups if group.module.api_name == request.GET.get("module")), None)
    context["filters"] = _filters(groups, chosen, text, address)
    if chosen:
        found = Paginator(search_module(access, chosen.module, text), _PAGE_ROWS)
        page = found.get_page(request.GET.get("page"))
        groups = [Group(chosen.module, list(page), has_more=False)]
        context |= {"page": page, "most_ranked": MOST_RANKED, "is_cut": found.count >= MOST_RANKED}
        context["list_url"] = _list_url(access, chosen.module, text)
    context["groups"] = [_shown(access, group, text, address) for group in groups]
    return render_page(request, "crm/search/templates/search.html", context, workspace=workspace_of(access))


@require_POST
@crm_page
def forgetting(request: HttpRequest, access: CrmAccess) -> HttpResponse:
    """Empties what an empty search box offers to this person."""
    forget_recents(access)
    return redirect("crm_search", access.org.pk)


def _recents(access: CrmAccess) -> dict[str, Any]:
    records = recent_records(access, most=_RECENTS)
    modules = access.schema.by_id
    return {
        "searches": recent_searches(access, most=_RECENTS),
        "opened": [
            (
                record.name,
                reverse("crm_record", args=[access.org.pk, modules[record.module_id].api_name, record.pk]),
                modules[record.module_id],
            )
            for record in records
        ],
        "forgetting_url": reverse("crm_search_forgetting", args=[access.org.pk]),
    }


def _filters(groups: Sequence[Group], chosen: Group | None, text: str, address: str) -> list[Filter]:
    everything = Filter(pgettext("modules", "All"), f"{address}?{urlencode({'q': text})}", is_current=chosen is None)
    return [
        everything,
        *(
            Filter(group.module.plural, _module_url(address, group.module, text), is_current=group is chosen)
            for group in groups
        ),
    ]


def _shown(access: CrmAccess, group: Group, text: str, address: str) -> dict[str, Any]:
    module = group.module
    return {
        "module": module,
        "has_more": group.has_more,
        "more_url": _module_url(address, module, text),
        "rows": [
            (
                parts_of(record.name, text),
                reverse("crm_record", args=[access.org.pk, module.api_name, record.pk]),
                parts_of(_hint(record, module, text), text),
            )
            for record in group.records
        ],
    }


def _module_url(address: str, module: ModuleSchema, text: str) -> str:
    return f"{address}?{urlencode({'q': text, 'module': module.api_name})}"


def _list_url(access: CrmAccess, module: ModuleSchema, text: str) -> str:
    return f"{reverse('crm_list', args=[access.org.pk, module.api_name])}?{urlencode({'q': text, 'layout': 'table'})}"


def _hint(record: Record, module: ModuleSchema, text: str) -> str:
    """Why it was found, if its name does not say; else what tells it apart from others of its name."""
    values = values_of(record, module)
    if not holds(record.name, text) and (why := _why(values, module, text)):
        return why
    parts = [
        str(module.fields[name].label_of(str(values[name])))
        for name in _TOLD
        if values.get(name) and name in module.fields
    ]
    return " · ".join(parts)[:100]


def _why(values: dict[str, Any], module: ModuleSchema, text: str) -> str:
    for name, field in module.fields.items():
        value = values.get(name)
        if value is None or not kind_of(field).is_searched:
            continue
        said = kind_of(field).display(value, field, Names(currency=module.currency))
        if name not in module.name_fields and holds(said, text):
            return _("%(field)s: %(value)s") % {"field": field.label, "value": around(said, text)}
    return ""
