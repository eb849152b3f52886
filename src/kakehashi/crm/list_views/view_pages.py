"""Saving, sharing and choosing views."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kakehashi.core.errors import InvalidValues, NotFound, ProductError
from kakehashi.core.filters.definition import both
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.access import CrmAccess, crm_page
from kakehashi.ui.toasts import add_toast

from .actions import (
    ShownList,
    change_view,
    delete_view,
    make_default,
    pin_view,
    restore_view,
    save_view,
    share_view,
)
from .choice import ListChoice, read_choice
from .forms import ViewForm, initial_of
from .models import ListView
from .pages import list_address
from .queries import glance_count
from .view_queries import find_editable_view, may_edit_view, views_of

_DIALOG = "crm/list_views/templates/view_dialog.html"


@require_GET
@crm_page
def counts(request: HttpRequest, access: CrmAccess, module_name: str) -> HttpResponse:
    """How many records each view has, for the open menu; what takes long stays without a number."""
    module = access.schema[module_name]
    views = views_of(access, module)
    counted = [(view.key, glance_count(access, module, view)) for view in (*views.standard, *views.saved)]
    return render(request, "crm/list_views/templates/view_counts.html", {"counted": counted})


@require_http_methods(["GET", "POST"])
@crm_page
def new(request: HttpRequest, access: CrmAccess, module_name: str) -> HttpResponse:
    """Save what is shown under a new name."""
    module = access.schema[module_name]
    choice = _choice(request, access, module)
    if request.method == "GET":
        start = _("Copy of %(name)s") % {"name": choice.view.name} if not choice.is_changed else ""
        return _show(request, ViewForm(access, initial={"sharing": "private", "name": start}), access, module, choice)
    form = ViewForm(access, data=request.POST)
    if not form.is_valid():
        return _show(request, form, access, module, choice, status=422)
    try:
        row = save_view(
            access.org,
            module=module,
            name=form.cleaned_data["name"],
            shown=_shown(choice),
            audience=form.audience(),
            owner=access.person,
            actor=access.actor,
        )
    except ProductError as refused:
        return _refuse(request, form, refused, access, module, choice)
    add_toast(request, _("The view “%(name)s” was saved.") % {"name": row.name})
    return _go(access, module, str(row.pk))


@require_http_methods(["GET", "POST"])
@crm_page
def edit(request: HttpRequest, access: CrmAccess, module_name: str, view_id: int) -> HttpResponse:
    """Its name, and who else may choose it."""
    module = access.schema[module_name]
    row = find_editable_view(access, module, view_id)
    if request.method == "GET":
        return _show(request, ViewForm(access, initial=initial_of(row)), access, module, row=row)
    form = ViewForm(access, data=request.POST)
    if not form.is_valid():
        return _show(request, form, access, module, row=row, status=422)
    try:
        share_view(row, name=form.cleaned_data["name"], audience=form.audience(), actor=access.actor)
    except InvalidValues as refused:
        return _refuse(request, form, refused, access, module, row=row)
    add_toast(request, _("Saved."))
    return _go(access, module, str(row.pk))


@require_POST
@crm_page
def content(request: HttpRequest, access: CrmAccess, module_name: str, view_id: int) -> HttpResponse:
    """Keep what is shown in the view that is open."""
    module = access.schema[module_name]
    row = find_editable_view(access, module, view_id)
    change_view(row, shown=_shown(_choice(request, access, module)), actor=access.actor)
    add_toast(request, _("The view “%(name)s” was saved.") % {"name": row.name})
    return _go(access, module, str(row.pk))


@require_POST
@crm_page
def deletion(request: HttpRequest, access: CrmAccess, module_name: str, view_id: int) -> HttpResponse:
    module = access.schema[module_name]
    row = find_editable_view(access, module, view_id)
    delete_view(row, actor=access.actor)
    undo = reverse("crm_view_restoration", args=[access.org.pk, module.api_name, row.pk])
    add_toast(request, _("The view “%(name)s” was deleted.") % {"name": row.name}, undo=undo)
    return _go(access, module, "")


@require_POST
@crm_page
def restoration(request: HttpRequest, access: CrmAccess, module_name: str, view_id: int) -> HttpResponse:
    """The undo of a deletion."""
    module = access.schema[module_name]
    row = ListView.objects.filter(pk=view_id, org=access.org, module_id=module.id).select_related("owner").first()
    if row is None or not may_edit_view(access, row):
        raise NotFound
    restore_view(row, actor=access.actor)
    response = HttpResponse(status=204)
    response.headers["HX-Redirect"] = list_address(access, module, urlencode({"view": row.pk}))
    return response


@require_POST
@crm_page
def default(request: HttpRequest, access: CrmAccess, module_name: str) -> HttpResponse:
    """The view that this person's list begins with."""
    module = access.schema[module_name]
    view = views_of(access, module).chosen(request.POST.get("view", ""))
    make_default(access.person, module=module, key=view.key)
    add_toast(request, _("Your list begins with “%(name)s” from now on.") % {"name": view.name})
    return _go(access, module, view.key)


@require_POST
@crm_page
def pin(request: HttpRequest, access: CrmAccess, module_name: str) -> HttpResponse:
    """Above the list, or no longer."""
    module = access.schema[module_name]
    view = views_of(access, module).chosen(request.POST.get("view", ""))
    pin_view(access.person, module=module, key=view.key)
    return _go(access, module, view.key)


def _choice(request: HttpRequest, access: CrmAccess, module: ModuleSchema) -> ListChoice:
    query = request.GET if request.method == "GET" else request.POST
    return read_choice(query, module, views_of(access, module).chosen(query.get("view", "")))


def _shown(choice: ListChoice) -> ShownList:
    """The drop-downs above the list become conditions of the view; the words searched for do not."""
    return ShownList(both(choice.filter, choice.quick), choice.columns, choice.sort)


def _go(access: CrmAccess, module: ModuleSchema, key: str) -> HttpResponse:
    """To the list with a view, from a form that htmx sent."""
    response = HttpResponse(status=204)
    response.headers["HX-Redirect"] = list_address(access, module, urlencode({"view": key}) if key else "")
    return response


def _refuse(
    request: HttpRequest,
    form: ViewForm,
    refused: ProductError,
    access: CrmAccess,
    module: ModuleSchema,
    *more: Any,
    **options: Any,
) -> HttpResponse:
    sentences = refused.by_field if isinstance(refused, InvalidValues) else {"": refused.message}
    for name, sentence in sentences.items():
        form.add_error(name if name in form.fields else None, str(sentence))
    return _show(request, form, access, module, *more, **options, status=422)


def _show(
    request: HttpRequest,
    form: ViewForm,
    access: CrmAccess,
    module: ModuleSchema,
    choice: ListChoice | None = None,
    *,
    row: ListView | None = None,
    status: int = 200,
) -> HttpResponse:
    address = [access.org.pk, module.api_name]
    context = {
        "form": form,
        "row": row,
        "state": choice.query() if choice else {},
        "url": reverse("crm_view", args=[*address, row.pk]) if row else reverse("crm_view_new", args=address),
    }
    return render(request, _DIALOG, context, status=status)
