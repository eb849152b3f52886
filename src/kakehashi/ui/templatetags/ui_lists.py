"""Tags for lists: sortable heads, filter pills, paging."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import template
from django.core.paginator import Page
from django.http import HttpRequest

from kakehashi.core.errors import Text

register = template.Library()
PARTS = "ui/components/templates"


@dataclass(frozen=True, slots=True)
class Filter:
    """A pill above a list. `count` stays visible at 0; `is_late` colours it red."""

    label: Text
    url: str
    count: int | None = None
    is_current: bool = False
    is_late: bool = False


@register.inclusion_tag(f"{PARTS}/filters.html")
def filter_pills(filters: Iterable[Filter], label: Text, target: str = "") -> dict[str, Any]:
    """Filters of a list; with `target` (a CSS selector) they load by htmx and stay on the page."""
    return {"filters": filters, "label": label, "target": target}


@register.inclusion_tag(f"{PARTS}/sort_head.html", takes_context=True)
def sort_head(
    context: template.Context, key: str, label: Text, right: bool = False, current: str = ""
) -> dict[str, Any]:
    """A <th> that sorts by `?sort=key`, and by `?sort=-key` when pressed again; `current` is the order where the address says none."""
    request: HttpRequest = context["request"]
    chosen = request.GET.get("sort", "") or current
    direction = {key: "ascending", f"-{key}": "descending"}.get(chosen, "")
    return {
        "label": label,
        "right": right,
        "direction": direction,
        "url": query_with(
            request, sort=f"-{key}" if direction == "ascending" else key, page=None, after=None, before=None
        ),
    }


@register.inclusion_tag(f"{PARTS}/pages.html", takes_context=True)
def pages(context: template.Context, page: Page[Any], target: str = "") -> dict[str, Any]:
    """The foot of a list: which rows of how many, and the way to the others."""
    request: HttpRequest = context["request"]
    return {
        "page": page,
        "target": target,
        "previous": query_with(request, page=page.previous_page_number()) if page.has_previous() else "",
        "next": query_with(request, page=page.next_page_number()) if page.has_next() else "",
    }


def query_with(request: HttpRequest, **changes: str | int | None) -> str:
    """The present address with some query values changed; None takes one away."""
    query = request.GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query[name] = str(value)
    return f"?{query.urlencode()}" if query else request.path
