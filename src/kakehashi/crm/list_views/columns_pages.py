"""Choosing the columns of a list."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from kakehashi.crm.orgs.access import CrmAccess, crm_page

from .choice import read_choice
from .columns import MOST_COLUMNS, columns_of, offered_columns, read_columns
from .pages import list_address
from .view_queries import views_of


@require_http_methods(["GET", "POST"])
@crm_page
def columns(request: HttpRequest, access: CrmAccess, module_name: str) -> HttpResponse:
    """Which columns, in which order: the chosen ones first, then all others."""
    module = access.schema[module_name]
    query = request.GET if request.method == "GET" else request.POST
    choice = read_choice(query, module, views_of(access, module).chosen(query.get("view", "")))
    if request.method == "POST":
        chosen = read_columns(",".join(request.POST.getlist("column")), module) or choice.view.columns
        said = {**choice.query(), "columns": ",".join(chosen)}
        if chosen == choice.view.columns:
            del said["columns"]
        response = HttpResponse(status=204)
        response.headers["HX-Redirect"] = list_address(access, module, urlencode(said))
        return response
    others = [name for name in offered_columns(module) if name not in choice.columns]
    context = {
        "offered": [
            (column, column.name in choice.columns) for column in columns_of(module, [*choice.columns, *others])
        ],
        "most": MOST_COLUMNS,
        "state": choice.query(),
        "url": reverse("crm_list_columns", args=[access.org.pk, module.api_name]),
    }
    return render(request, "ui/list_builder/templates/columns.html", context)
