"""The filter builder: a dialog whose rows the server makes, so that it knows every field and refuses with reasons."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods

from kakehashi.core.filters.definition import MOST_CONDITIONS, as_text
from kakehashi.crm.filters.subjects import subjects_of
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.access import CrmAccess, crm_page
from kakehashi.ui.list_builder.builder import Builder, RowGroup, read_sent
from kakehashi.ui.list_builder.parts import TEMPLATES, show_group, show_row

from .choice import read_choice
from .naming import RecordNaming, field_sections
from .pages import list_address
from .view_queries import views_of


@require_http_methods(["GET", "POST"])
@crm_page
def conditions(request: HttpRequest, access: CrmAccess, module_name: str) -> HttpResponse:
    """GET shows the filter of the list as rows; POST goes to the list with what was built, or says what is wrong."""
    module = access.schema[module_name]
    query = request.GET if request.method == "GET" else request.POST
    choice = read_choice(query, module, views_of(access, module).chosen(query.get("view", "")))
    builder = _builder(access, module)
    if request.method == "GET":
        return _show(
            request, access, module, builder, builder.groups(choice.filter), choice.filter.join, choice.query()
        )
    sent = read_sent(request.POST, builder.subjects)
    if sent.refusals:
        groups = builder.sent_groups(sent)
        return _show(request, access, module, builder, groups, sent.filter.join, choice.query(), status=422)
    said = {**choice.query(), "filter": as_text(sent.filter)}
    if sent.filter == choice.view.filter:
        del said["filter"]
    response = HttpResponse(status=204)
    response.headers["HX-Redirect"] = list_address(access, module, urlencode(said))
    return response


@require_GET
@crm_page
def row(request: HttpRequest, access: CrmAccess, module_name: str) -> HttpResponse:
    module = access.schema[module_name]
    builder = _builder(access, module)
    return show_row(request, builder, _frame(access, module, builder))


@require_GET
@crm_page
def group(request: HttpRequest, access: CrmAccess, module_name: str) -> HttpResponse:
    module = access.schema[module_name]
    builder = _builder(access, module)
    return show_group(request, builder, _frame(access, module, builder))


def _builder(access: CrmAccess, module: ModuleSchema) -> Builder:
    return Builder(subjects_of(module), RecordNaming(access))


def _show(
    request: HttpRequest,
    access: CrmAccess,
    module: ModuleSchema,
    builder: Builder,
    groups: Sequence[RowGroup],
    join: str,
    state: Mapping[str, str],
    *,
    status: int = 200,
) -> HttpResponse:
    context = {
        **_frame(access, module, builder),
        "groups": groups,
        "join": join,
        "most": MOST_CONDITIONS,
        "state": state,
    }
    return render(request, f"{TEMPLATES}/filter.html", context, status=status)


def _frame(access: CrmAccess, module: ModuleSchema, builder: Builder) -> dict[str, Any]:
    address = [access.org.pk, module.api_name]
    return {
        "sections": field_sections(module, builder.subjects),
        "url": reverse("crm_list_filter", args=address),
        "row_url": reverse("crm_list_filter_row", args=address),
        "group_url": reverse("crm_list_filter_group", args=address),
    }
