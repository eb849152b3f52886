"""Saving, sharing and deleting views, and the dialogs for filter and columns."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kakehashi.core.errors import InvalidValues
from kakehashi.core.filters.definition import MOST_CONDITIONS, as_text
from kakehashi.desk.portals.access import DeskAccess, desk_page
from kakehashi.ui.list_builder.builder import Builder, read_sent
from kakehashi.ui.list_builder.parts import TEMPLATES as PARTS
from kakehashi.ui.list_builder.parts import show_group, show_row
from kakehashi.ui.toasts import add_toast

from .actions import begin_with, change_view, delete_view, restore_view, save_view, share_view
from .choice import ListChoice
from .columns import MOST_COLUMNS, columns_of, offered_columns, read_columns
from .forms import ViewForm
from .models import TicketView
from .naming import TicketNaming, field_sections
from .offer import offer_for
from .pages import choice_of, list_address
from .subjects import subjects_of
from .views import changeable_view

_DIALOG = "desk/ticket_views/templates/view_dialog.html"


@require_http_methods(["GET", "POST"])
@desk_page
def conditions(request: HttpRequest, access: DeskAccess) -> HttpResponse:
    """GET shows the filter of the list as rows; POST goes to the list with what was built, or says what is wrong."""
    choice = choice_of(access, request.GET if request.method == "GET" else request.POST)
    builder = _builder(access)
    if request.method == "GET":
        frame = {"groups": builder.groups(choice.filter), "join": choice.filter.join}
        return _filter_dialog(request, access, builder, choice, frame)
    sent = read_sent(request.POST, builder.subjects)
    if sent.refusals:
        frame = {"groups": builder.sent_groups(sent), "join": sent.filter.join}
        return _filter_dialog(request, access, builder, choice, frame, status=422)
    said = {**choice.query(), "filter": as_text(sent.filter)}
    if sent.filter == choice.view.filter:
        del said["filter"]
    return _go(access, urlencode(said))


@require_GET
@desk_page
def row(request: HttpRequest, access: DeskAccess) -> HttpResponse:
    builder = _builder(access)
    return show_row(request, builder, _addresses(access, builder))


@require_GET
@desk_page
def group(request: HttpRequest, access: DeskAccess) -> HttpResponse:
    builder = _builder(access)
    return show_group(request, builder, _addresses(access, builder))


@require_http_methods(["GET", "POST"])
@desk_page
def columns(request: HttpRequest, access: DeskAccess) -> HttpResponse:
    """Which columns, in which order: the chosen ones first, then all others."""
    choice = choice_of(access, request.GET if request.method == "GET" else request.POST)
    offer = offer_for(access)
    if request.method == "POST":
        chosen = read_columns(",".join(request.POST.getlist("column")), offer) or choice.view.columns
        said = {**choice.query(), "columns": ",".join(chosen)}
        if chosen == choice.view.columns:
            del said["columns"]
        return _go(access, urlencode(said))
    others = [name for name in offered_columns(offer) if name not in choice.columns]
    offered = columns_of([*choice.columns, *others], offer)
    context = {
        "offered": [(column, column.name in choice.columns) for column in offered],
        "most": MOST_COLUMNS,
        "state": choice.query(),
        "url": reverse("desk_list_columns", args=[access.portal.pk]),
    }
    return render(request, f"{PARTS}/columns.html", context)


@require_http_methods(["GET", "POST"])
@desk_page
def new_view(request: HttpRequest, access: DeskAccess) -> HttpResponse:
    """Keep what the list shows under a name."""
    choice = choice_of(access, request.GET if request.method == "GET" else request.POST)
    form = ViewForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        name, is_shared = form.cleaned_data["name"], form.cleaned_data["sharing"] == "shared"
        try:
            made = save_view(access, name=name, shown=_kept(choice), is_shared=is_shared, actor=access.actor)
        except InvalidValues as invalid:
            _refuse(form, invalid)
        else:
            add_toast(request, _("The view “%(name)s” was saved.") % {"name": made.name})
            return _go(access, urlencode({"view": made.pk}))
    context = {"form": form, "state": choice.query(), "url": reverse("desk_view_new", args=[access.portal.pk])}
    return render(request, _DIALOG, context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@desk_page
def view(request: HttpRequest, access: DeskAccess, ticket_view_id: int) -> HttpResponse:
    """Rename it, and say who may choose it."""
    found = changeable_view(access, ticket_view_id)
    initial = {"name": found.name, "sharing": "shared" if found.is_shared else "private"}
    form = ViewForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        name, is_shared = form.cleaned_data["name"], form.cleaned_data["sharing"] == "shared"
        try:
            share_view(found, name=name, is_shared=is_shared, actor=access.actor)
        except InvalidValues as invalid:
            _refuse(form, invalid)
        else:
            add_toast(request, _("Saved"))
            return _go(access, urlencode({"view": found.pk}))
    context = {"form": form, "row": found, "url": reverse("desk_view", args=[access.portal.pk, found.pk])}
    return render(request, _DIALOG, context, status=422 if form.errors else 200)


@require_POST
@desk_page
def content(request: HttpRequest, access: DeskAccess, ticket_view_id: int) -> HttpResponse:
    """Keep what the list shows now in the view it came from."""
    found = changeable_view(access, ticket_view_id)
    change_view(found, shown=_kept(choice_of(access, request.POST)), actor=access.actor)
    add_toast(request, _("Saved"))
    return _go(access, urlencode({"view": found.pk}))


@require_POST
@desk_page
def deletion(request: HttpRequest, access: DeskAccess, ticket_view_id: int) -> HttpResponse:
    found = changeable_view(access, ticket_view_id)
    delete_view(found, actor=access.actor)
    back = reverse("desk_view_restoration", args=[access.portal.pk, found.pk])
    add_toast(request, _("The view “%(name)s” was deleted.") % {"name": found.name}, undo=back)
    return _go(access)


@require_POST
@desk_page
def restoration(request: HttpRequest, access: DeskAccess, ticket_view_id: int) -> HttpResponse:
    found: TicketView = changeable_view(access, ticket_view_id, is_deleted=True)
    restore_view(found, actor=access.actor)
    return _go(access, urlencode({"view": found.pk}))


@require_POST
@desk_page
def default(request: HttpRequest, access: DeskAccess) -> HttpResponse:
    """The view that this person's list begins with."""
    chosen = choice_of(access, request.POST).view
    begin_with(access.agent, chosen.key)
    add_toast(request, _("Your list begins with “%(name)s” from now on.") % {"name": chosen.name})
    return _go(access, urlencode({"view": chosen.key}))


def _kept(choice: ListChoice) -> tuple[Any, tuple[str, ...], str]:
    return choice.filter, choice.columns, choice.sort


def _builder(access: DeskAccess) -> Builder:
    return Builder(subjects_of(access.portal), TicketNaming(access))


def _filter_dialog(
    request: HttpRequest,
    access: DeskAccess,
    builder: Builder,
    choice: ListChoice,
    frame: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    context = {**_addresses(access, builder), **frame, "most": MOST_CONDITIONS, "state": choice.query()}
    return render(request, f"{PARTS}/filter.html", context, status=status)


def _addresses(access: DeskAccess, builder: Builder) -> dict[str, Any]:
    here = [access.portal.pk]
    return {
        "sections": field_sections(builder.subjects),
        "url": reverse("desk_list_filter", args=here),
        "row_url": reverse("desk_list_filter_row", args=here),
        "group_url": reverse("desk_list_filter_group", args=here),
    }


def _go(access: DeskAccess, query: str = "") -> HttpResponse:
    """To the list, from a form that htmx sent."""
    response = HttpResponse(status=204)
    response.headers["HX-Redirect"] = list_address(access, query)
    return response


def _refuse(form: ViewForm, invalid: InvalidValues) -> None:
    for name, sentence in invalid.by_field.items():
        form.add_error(name if name in form.fields else None, str(sentence))
