"""Products: what tickets are about."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kakehashi.core.errors import NotFound
from kakehashi.desk.customers.editing import Editing, edit_record, new_record
from kakehashi.desk.portals.access import DeskAccess, desk_page
from kakehashi.desk.portals.workspace import workspace_of
from kakehashi.ui.htmx import is_fragment
from kakehashi.ui.shell.workspace import render_page

from .actions import delete_product, restore_product
from .kinds import PRODUCT
from .models import Product


@require_GET
@desk_page
def products(request: HttpRequest, access: DeskAccess) -> HttpResponse:
    text = request.GET.get("q", "").strip()
    rows = Product.objects.filter(portal=access.portal, deleted_at__isnull=True).defer("search")
    if text:
        rows = rows.filter(search__has=text)
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
    """A product has no page of its own yet: its form, for those who may change it."""
    if not access.rights.may_edit_customers:
        return redirect("desk_products", access.portal.pk)
    return redirect("desk_product_edit", access.portal.pk, product_id)


@require_http_methods(["GET", "POST"])
@desk_page
def new_product(request: HttpRequest, access: DeskAccess) -> HttpResponse:
    return new_record(request, access, _editing(access))


@require_http_methods(["GET", "POST"])
@desk_page
def edit_product(request: HttpRequest, access: DeskAccess, product_id: int) -> HttpResponse:
    return edit_record(request, access, _editing(access), _find(access, product_id))


@require_POST
@desk_page
def product_deletion(request: HttpRequest, access: DeskAccess, product_id: int) -> HttpResponse:
    delete_product(_find(access, product_id), actor=access.actor)
    return redirect("desk_products", access.portal.pk)


@require_POST
@desk_page
def product_restoration(request: HttpRequest, access: DeskAccess, product_id: int) -> HttpResponse:
    restore_product(_find(access, product_id), actor=access.actor)
    return redirect("desk_products", access.portal.pk)


def _find(access: DeskAccess, product_id: int) -> Product:
    found = Product.objects.filter(portal=access.portal, pk=product_id).defer("search").first()
    if found is None:
        raise NotFound
    return found


def _editing(access: DeskAccess) -> Editing[Product]:
    return Editing(
        kind=PRODUCT,
        page="desk_product_edit",
        active="products",
        new_title=_("New product"),
        edit_title=_("Edit product"),
        cancel=reverse("desk_products", args=[access.portal.pk]),
    )
