"""Statistics of a contact, an account, a product, and of the departments."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kakehashi.core.errors import NotFound
from kakehashi.desk.customers.queries import contact_ids_of, find_account, find_contact
from kakehashi.desk.customers.record_page import elsewhere
from kakehashi.desk.portals.access import DeskAccess, desk_page
from kakehashi.desk.portals.models import Department
from kakehashi.desk.portals.workspace import workspace_of
from kakehashi.desk.products.queries import find_product
from kakehashi.ui.htmx import is_fragment
from kakehashi.ui.shell.workspace import render_page
from kakehashi.ui.statistics.choice import Way, asked_basis, asked_period, choice_of
from kakehashi.ui.statistics.periods import Basis
from kakehashi.ui.statistics.showing import received_plot, show_spread, times_plot
from kakehashi.ui.templatetags.ui_lists import query_with

from .comparing import compare_departments, compare_products
from .queries import Customers, Departments, Products, Whose
from .ratings import latest_ratings
from .sheet import read_sheet, seen_departments
from .spread import with_spread

_HERE = "desk/statistics/templates"


@require_GET
@desk_page
def contact_statistics(request: HttpRequest, access: DeskAccess, contact_id: int) -> HttpResponse:
    found = find_contact(access, contact_id)
    if away := elsewhere(request, access, found):
        return away
    back = {"name": found.name, "url": reverse("desk_contact", args=[access.portal.pk, found.pk])}
    return _show(request, access, "contacts", Customers(contact_ids=(found.pk,)), {"back": back})


@require_GET
@desk_page
def account_statistics(request: HttpRequest, access: DeskAccess, account_id: int) -> HttpResponse:
    found = find_account(access, account_id)
    if away := elsewhere(request, access, found):
        return away
    whose = Customers(contact_ids=contact_ids_of(found), account_ids=(found.pk,))
    back = {"name": found.account_name, "url": reverse("desk_account", args=[access.portal.pk, found.pk])}
    return _show(request, access, "accounts", whose, {"back": back})


@require_GET
@desk_page
def product_statistics(request: HttpRequest, access: DeskAccess, product_id: int) -> HttpResponse:
    found = find_product(access, product_id)
    if away := elsewhere(request, access, found):
        return away
    back = {"name": found.product_name, "url": reverse("desk_product", args=[access.portal.pk, found.pk])}
    return _show(request, access, "products", Products((found.pk,)), {"back": back})


@require_GET
@desk_page
def department_statistics(request: HttpRequest, access: DeskAccess) -> HttpResponse:
    """Of all departments that this person sees, or of one of them."""
    departments = _seen_departments(access)
    chosen = _chosen_department(request, departments)
    basis = asked_basis(request) or Basis(access.portal.figures_basis)
    choice = choice_of(request, asked_period(request), basis)
    context: dict[str, Any] = {"departments": _ways(request, departments, chosen), "chosen": chosen}
    if chosen is None and len(departments) > 1:
        context["compared"] = compare_departments(access, departments, choice)
    context["compared_products"] = compare_products(access, choice, chosen.pk if chosen else None)
    return _show(request, access, "statistics", Departments((chosen.pk,) if chosen else None), context)


def _show(
    request: HttpRequest,
    access: DeskAccess,
    active: str,
    whose: Whose,
    context: dict[str, Any],
) -> HttpResponse:
    sheet = read_sheet(request, access, whose)
    report, links = sheet.report, sheet.links
    if isinstance(whose, Customers):
        report = with_spread(report, access.portal, whose, seen_departments(access))
    plots = {"received_plot": received_plot(report, links), "times_plot": times_plot(report, links)}
    latest = latest_ratings(access, whose, report.window)
    context |= {
        "latest_ratings": latest,
        "access": access,
        "choice": sheet.choice,
        "shown": sheet.shown,
        "target": "#statistics",
        "spread": show_spread(report, links),
        **plots,
    }
    if is_fragment(request):
        return render(request, f"{_HERE}/body.html", context)
    return render_page(request, f"{_HERE}/page.html", context, workspace=workspace_of(access), active=active)


def _seen_departments(access: DeskAccess) -> list[Department]:
    rows = access.portal.departments.all()
    if access.department_ids is not None:
        rows = rows.filter(pk__in=access.department_ids)
    return list(rows)


def _chosen_department(request: HttpRequest, departments: list[Department]) -> Department | None:
    asked = request.GET.get("department", "")
    if not asked:
        return None
    found = next((one for one in departments if str(one.pk) == asked), None)
    if found is None:
        raise NotFound
    return found


def _ways(request: HttpRequest, departments: list[Department], chosen: Department | None) -> list[Way]:
    if len(departments) < 2:
        return []
    everything = Way(_("All departments"), query_with(request, department=None), chosen is None)
    return [everything] + [Way(one.name, query_with(request, department=one.pk), chosen == one) for one in departments]
