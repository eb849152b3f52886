from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.access import CrmAccess, crm_page
from kakehashi.crm.orgs.workspace import workspace_of
from kakehashi.crm.records.models import Record
from kakehashi.crm.records.queries import values_of
from kakehashi.ui.htmx import is_fragment
from kakehashi.ui.shell.workspace import render_page

from .queries import Group, search_records

_LONGEST = 200


@require_GET
@crm_page
def search(request: HttpRequest, access: CrmAccess) -> HttpResponse:
    """The page of results; the short list below the search box while somebody types."""
    text = request.GET.get("q", "").strip()[:_LONGEST]
    is_typing = is_fragment(request)
    groups = search_records(access, text, limit=5 if is_typing else 20)
    context = {
        "text": text,
        "search_url": reverse("crm_search", args=[access.org.pk]),
        "groups": [_shown(access, group) for group in groups],
        "total": sum(len(group.records) for group in groups),
    }
    if is_typing:
        return render(request, "crm/search/templates/suggestions.html", context)
    return render_page(request, "crm/search/templates/search.html", context, workspace=workspace_of(access))


def _shown(access: CrmAccess, group: Group) -> dict[str, Any]:
    address = [access.org.pk, group.module.api_name]
    return {
        "module": group.module,
        "has_more": group.has_more,
        "list_url": reverse("crm_list", args=address),
        "rows": [
            (record, reverse("crm_record", args=[*address, record.pk]), _hint(record, group.module))
            for record in group.records
        ],
    }


def _hint(record: Record, module: ModuleSchema) -> str:
    values = values_of(record, module)
    parts = [values.get(name) for name in ("Company", "Email", "Phone", "Product_Code", "Stage", "Website")]
    return " · ".join(str(part) for part in parts if part)[:100]
