from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kakehashi.core.errors import Text
from kakehashi.core.search.highlights import parts_of
from kakehashi.desk.portals.access import DeskAccess, desk_page
from kakehashi.desk.portals.workspace import workspace_of
from kakehashi.ui.htmx import is_fragment
from kakehashi.ui.shell.workspace import render_page

from .queries import Group, search_desk

_LONGEST = 200


@require_GET
@desk_page
def search(request: HttpRequest, access: DeskAccess) -> HttpResponse:
    """The page of results; the short list below the search box while somebody types."""
    text = request.GET.get("q", "").strip()[:_LONGEST]
    groups = search_desk(access, text, limit=5 if is_fragment(request) else 20)
    context = {
        "access": access,
        "text": text,
        "search_url": reverse("desk_search", args=[access.portal.pk]),
        "groups": [_shown(access, group, text) for group in groups],
    }
    if is_fragment(request):
        return render(request, "desk/search/templates/suggestions.html", context)
    return render_page(request, "desk/search/templates/search.html", context, workspace=workspace_of(access))


def _shown(access: DeskAccess, group: Group, text: str) -> dict[str, Any]:
    label, icon = _kind(group.kind)
    query = {"q": text, "show": "all"} if group.kind == "tickets" else {"q": text}
    return {
        "kind": group.kind,
        "label": label,
        "icon": icon,
        "has_more": group.has_more,
        "more_url": f"{reverse(f'desk_{group.kind}', args=[access.portal.pk])}?{urlencode(query)}",
        "rows": [(parts_of(find.name, text), find.url, parts_of(find.hint, text)) for find in group.finds],
    }


def _kind(kind: str) -> tuple[Text, str]:
    return {
        "tickets": (_("Tickets"), "lifebuoy"),
        "contacts": (_("Contacts"), "users"),
        "accounts": (_("Accounts"), "building"),
        "products": (_("Products"), "package"),
    }[kind]
