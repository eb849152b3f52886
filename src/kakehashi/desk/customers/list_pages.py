"""Lists of contacts and accounts, and what search boxes ask for."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, F, Q, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from kakehashi.desk.portals.access import DeskAccess, desk_page
from kakehashi.desk.portals.workspace import workspace_of
from kakehashi.desk.records.searching import found_by
from kakehashi.desk.tickets.models import IS_OPEN, Ticket
from kakehashi.ui.htmx import is_fragment
from kakehashi.ui.shell.workspace import render_page

from .queries import visible_accounts, visible_contacts

_PER_PAGE = 50
_SORTS = {
    "name": "name_normal",
    "email": "email",
    "account": "account__name_normal",
    "changed": "modified_at",
    "industry": "industry",
}


@require_GET
@desk_page
def contacts(request: HttpRequest, access: DeskAccess) -> HttpResponse:
    return _list(request, access, visible_contacts(access), "contacts")


@require_GET
@desk_page
def accounts(request: HttpRequest, access: DeskAccess) -> HttpResponse:
    return _list(request, access, visible_accounts(access), "accounts")


@require_GET
@desk_page
def contact_options(request: HttpRequest, access: DeskAccess) -> JsonResponse:
    """What a search box shows: the e-mail address and account tell people of the same name apart."""
    found = _searched(access, visible_contacts(access), request.GET.get("q", ""))[:20]
    return _options(
        {
            "value": contact.pk,
            "text": contact.name,
            "hint": " · ".join(filter(None, [contact.email, contact.account.name if contact.account else ""])),
        }
        for contact in found
    )


@require_GET
@desk_page
def account_options(request: HttpRequest, access: DeskAccess) -> JsonResponse:
    found = _searched(access, visible_accounts(access), request.GET.get("q", ""))[:20]
    return _options(
        {"value": account.pk, "text": account.account_name, "hint": account.website or account.city}
        for account in found
    )


def _options(options: Any) -> JsonResponse:
    return JsonResponse(list(options), safe=False)


def _searched(access: DeskAccess, rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    if text.strip():
        return found_by(rows, access.portal, text).order_by("name_normal", "id")
    return rows.order_by("-modified_at", "-id")


def _list(request: HttpRequest, access: DeskAccess, rows: QuerySet[Any], active: str) -> HttpResponse:
    text, sort = request.GET.get("q", "").strip(), request.GET.get("sort", "")
    if text:
        rows = found_by(rows, access.portal, text)
    page = Paginator(_ordered(rows, sort), _PER_PAGE).get_page(request.GET.get("page"))
    kind = active.removesuffix("s")
    context = {
        "access": access,
        "page": page,
        "text": text,
        "sort": sort,
        "open_counts": _open_counts(access, kind, [row.pk for row in page]),
        "live": f"desk.{kind}",
    }
    if is_fragment(request):
        return render(request, f"desk/customers/templates/{active}_card.html", context)
    return render_page(
        request, f"desk/customers/templates/{active}.html", context, workspace=workspace_of(access), active=active
    )


def _ordered(rows: QuerySet[Any], sort: str) -> QuerySet[Any]:
    column = _SORTS.get(sort.removeprefix("-"))
    if column is None:
        return rows.order_by("name_normal", "id")
    by = F(column)
    return rows.order_by(by.desc(nulls_last=True) if sort.startswith("-") else by.asc(nulls_last=True), "id")


def _open_counts(access: DeskAccess, kind: str, ids: list[int]) -> dict[int, int]:
    """How many of their tickets are not closed, for the customers on one page."""
    column = f"{kind}_id"
    counted = (
        Ticket.objects.filter(IS_OPEN, Q(**{f"{column}__in": ids}), portal=access.portal)
        .values_list(column)
        .annotate(number=Count("id"))
        .order_by()
    )
    return dict(counted)
