"""Beginning a change of many records: a dialog that says what will happen."""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from kakehashi.core.errors import InvalidValues
from kakehashi.crm.list_views.choice import ListChoice, read_choice
from kakehashi.crm.list_views.pages import chosen_ids, list_address
from kakehashi.crm.list_views.view_queries import views_of
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.access import CrmAccess, crm_page
from kakehashi.crm.records.queries import (
    deletable_records,
    editable_records,
)
from kakehashi.crm.tags.queries import tags_in
from kakehashi.ui.toasts import add_toast

from .actions import (
    SelectionIsUnclear,
    may_undo,
    start_mass_deletion,
    start_mass_tagging,
    start_mass_untagging,
    start_mass_update,
)
from .forms import changeable_fields, value_form
from .models import MassAction, MassKind, MassState
from .selection import Selection, everything_of, selected_records, selection_problems

_TEMPLATES = "crm/mass_actions/templates"


@require_http_methods(["GET", "POST"])
@crm_page
def update(request: HttpRequest, access: CrmAccess, module_name: str) -> HttpResponse:
    """Choose a field and its value for all chosen records."""
    module = access.schema[module_name]
    access.require("edit_records", module)
    data = request.GET if request.method == "GET" else request.POST
    fields = {field.api_name: field for field in changeable_fields(module)}
    name = data.get("field", "")
    if name not in fields:
        name = next(iter(fields), "")
    if request.method == "GET" or not name:
        form = value_form(access, module, name)
        template = "value.html" if "value" in request.GET else "update.html"
        return _show(
            request,
            access,
            module,
            template,
            {"form": form, "bound": form[name] if name else None, "fields": fields.values(), "name": name},
        )
    form = value_form(access, module, name, request.POST)
    if form.is_valid():
        changes = {name: form.cleaned_data[name]}
        return _begin(
            request,
            access,
            module,
            lambda meant: start_mass_update(access, module=module, selection=meant, changes=changes),
        )
    return _show(
        request,
        access,
        module,
        "update.html",
        {"form": form, "bound": form[name], "fields": fields.values(), "name": name},
        status=422,
    )


@require_http_methods(["GET", "POST"])
@crm_page
def tagging(request: HttpRequest, access: CrmAccess, module_name: str) -> HttpResponse:
    """Which tags to put on all chosen records; a new one is made by typing its name."""
    return _change_tags(request, access, module_name, start_mass_tagging, is_adding=True)


@require_http_methods(["GET", "POST"])
@crm_page
def untagging(request: HttpRequest, access: CrmAccess, module_name: str) -> HttpResponse:
    """Which tags to take off all chosen records."""
    return _change_tags(request, access, module_name, start_mass_untagging, is_adding=False)


@require_http_methods(["GET", "POST"])
@crm_page
def deletion(request: HttpRequest, access: CrmAccess, module_name: str) -> HttpResponse:
    """Everything a list shows into the recycle bin, after saying how many that are."""
    module = access.schema[module_name]
    access.require("delete_records", module)
    if request.method == "GET":
        return _show(request, access, module, "deletion.html", {})
    return _begin(request, access, module, lambda meant: start_mass_deletion(access, module=module, selection=meant))


def _change_tags(
    request: HttpRequest, access: CrmAccess, module_name: str, start: Callable[..., MassAction], *, is_adding: bool
) -> HttpResponse:
    module = access.schema[module_name]
    access.require("edit_records", module)
    names = request.POST.getlist("tags")
    address = "crm_mass_tagging_new" if is_adding else "crm_mass_untagging_new"
    context = {
        "is_adding": is_adding,
        "tags_url": reverse(address, args=[access.org.pk, module.api_name]),
        "known": [tag.name for tag in tags_in(module)],
        "chosen": names,
    }
    if request.method == "GET":
        return _show(request, access, module, "tags.html", context)
    try:
        return _begin(request, access, module, lambda meant: start(access, module=module, selection=meant, names=names))
    except InvalidValues as refused:
        error = next(iter(refused.by_field.values()))
        return _show(request, access, module, "tags.html", {**context, "error": error}, status=422)


def _begin(request: HttpRequest, access: CrmAccess, module: ModuleSchema, start: Any) -> HttpResponse:
    """Few are done already: back to the list, with a way back. Many: to the page that shows how far it is."""
    meant = _selection(request.POST, access, module, request)
    try:
        action: MassAction = start(meant)
    except SelectionIsUnclear as refused:
        return _show(request, access, module, "refused.html", {"refusal": refused.message}, status=422)
    response = HttpResponse(status=204)
    if action.state == MassState.FINISHED and not action.skipped_count:
        undo_url = reverse("crm_mass_action_undo", args=[access.org.pk, action.pk]) if may_undo(action) else ""
        add_toast(request, _done_words(action), undo=undo_url)
        response.headers["HX-Redirect"] = list_address(access, module, request.POST.get("query", ""))
    else:
        response.headers["HX-Redirect"] = reverse("crm_mass_action", args=[access.org.pk, action.pk])
    return response


def _done_words(action: MassAction) -> str:
    count = action.changed_count
    if action.kind == MassKind.DELETE:
        return ngettext("%(count)d record was deleted.", "%(count)d records were deleted.", count) % {"count": count}
    return ngettext("%(count)d record was changed.", "%(count)d records were changed.", count) % {"count": count}


def _selection(data: QueryDict, access: CrmAccess, module: ModuleSchema, request: HttpRequest) -> Selection:
    if data.get("everything"):
        return everything_of(_choice(data, access, module))
    return Selection(ids=tuple(chosen_ids(request)))


def _choice(data: QueryDict, access: CrmAccess, module: ModuleSchema) -> ListChoice:
    query = QueryDict(data.get("query", ""))
    return read_choice(query, module, views_of(access, module).chosen(query.get("view", "")))


def _show(
    request: HttpRequest,
    access: CrmAccess,
    module: ModuleSchema,
    template: str,
    context: Mapping[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    """The dialog with its preview: how many are meant, and how many of them this person may not change."""
    data = request.GET if request.method == "GET" else request.POST
    meant = _selection(data, access, module, request)
    chosen = selected_records(access, module, meant).order_by()
    allowed = deletable_records if template == "deletion.html" else editable_records
    total = chosen.count()
    can = chosen.filter(pk__in=allowed(access, module).values("pk")).count()
    address = [access.org.pk, module.api_name]
    frame = {
        "module": module,
        "counted": total,
        "left_out": total - can,
        "problems": selection_problems(module, meant),
        "selected": meant.ids,
        "everything": "1" if meant.is_everything else "",
        "query": data.get("query", ""),
        "update_url": reverse("crm_mass_update_new", args=address),
        "deletion_url": reverse("crm_mass_deletion_new", args=address),
    }
    return render(request, f"{_TEMPLATES}/{template}", {**frame, **context}, status=status)
