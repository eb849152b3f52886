"""Products: what tickets are about."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kakehashi.core.filters.definition import Condition, as_text, filter_of
from kakehashi.desk.customers.editing import Editing, edit_record, new_record
from kakehashi.desk.customers.record_page import elsewhere, record_context, show_record
from kakehashi.desk.portals.access import DeskAccess, desk_page
from kakehashi.desk.portals.workspace import workspace_of
from kakehashi.desk.records.searching import found_by
from kakehashi.desk.statistics.queries import Products
from kakehashi.desk.statistics.sheet import read_sheet
from kakehashi.desk.tickets.queries import visible_tickets
from kakehashi.ui.htmx import is_fragment
from kakehashi.ui.shell.workspace import render_page

from .actions import delete_product, restore_product
from .kinds import PRODUCT
from .models import Product
from .queries import find_product


@require_GET
@desk_page
def products(request: HttpRequest, access: DeskAccess) -> HttpResponse:
    text = request.GET.get("q", "").strip()
    rows = Product.objects.filter(portal=access.portal, deleted_at__isnull=True).defer("search")
    if text:
        rows = found_by(rows, access.portal, text)
    page = Paginator(rows.order_by("name_normal", "id"), 50).get_page(request.GET.get("page"))
    context = {"access": access, "page": page, "text": text}
    if is_fragment(request):
        return render(request, "desk/products/templates/products_card.html", context)
    return render_page(
        request,
        "desk/products/templates/products.html",
        context,
        workspace=workspace_of(access),
        active="products",
    )


@require_GET
@desk_page
def product(request: HttpRequest, access: DeskAccess, product_id: int) -> HttpResponse:
    """What it is, where it can be chosen, how many tickets are about it, and what has happened to it."""
    found = find_product(access, product_id)
    if away := elsewhere(request, access, found):
        return away
    filter_text = as_text(filter_of(Condition("productId", "any_of", (str(found.pk),))))
    context = {
        "departments": list(found.departments.all()),
        "figures": read_sheet(request, access, Products((found.pk,))),
        "more_url": reverse("desk_product_statistics", args=[access.portal.pk, found.pk]),
        "ticket_count": visible_tickets(access).filter(product=found).order_by().count(),
        "tickets_url": f"{reverse('desk_tickets', args=[access.portal.pk])}?{urlencode({'view': 'all', 'filter': filter_text})}",
    }
    return show_record(request, access, "product", record_context(request, access, found) | context)


@require_GET
@desk_page
def product_options(request: HttpRequest, access: DeskAccess) -> JsonResponse:
    """What a search box shows; the code tells products of the same name apart."""
    rows = Product.objects.filter(portal=access.portal, deleted_at__isnull=True).defer("search")
    if text := request.GET.get("q", "").strip():
        rows = found_by(rows, access.portal, text)
    options = [
        {"value": one.pk, "text": one.product_name, "hint": one.product_code}
        for one in rows.order_by("name_normal", "id")[:20]
    ]
    return JsonResponse(options, safe=False)


@require_http_methods(["GET", "POST"])
@desk_page
def new_product(request: HttpRequest, access: DeskAccess) -> HttpResponse:
    return new_record(request, access, _editing(access))


@require_http_methods(["GET", "POST"])
@desk_page
def edit_product(request: HttpRequest, access: DeskAccess, product_id: int) -> HttpResponse:
    return edit_record(request, access, _editing(access), find_product(access, product_id))


@require_POST
@desk_page
def product_deletion(request: HttpRequest, access: DeskAccess, product_id: int) -> HttpResponse:
    delete_product(find_product(access, product_id), actor=access.actor)
    return redirect("desk_product", access.portal.pk, product_id)


@require_POST
@desk_page
def product_restoration(request: HttpRequest, access: DeskAccess, product_id: int) -> HttpResponse:
    restore_product(find_product(access, product_id), actor=access.actor)
    return redirect("desk_product", access.portal.pk, product_id)


def _editing(access: DeskAccess) -> Editing[Product]:
    return Editing(
        kind=PRODUCT,
        page="desk_product",
        active="products",
        new_title=_("New product"),
        edit_title=_("Edit product"),
        cancel=reverse("desk_products", args=[access.portal.pk]),
    )
