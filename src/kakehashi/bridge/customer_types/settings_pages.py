"""設定 > Desk連携 > 顧客分類モード: the columns of the board, as conditions over the data of the CRM."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kakehashi.bridge.connection.pages import open_connection, show_page
from kakehashi.bridge.sides.directory import crm_side, desk_side
from kakehashi.bridge.sides.front import Visit
from kakehashi.bridge.visits import org_page
from kakehashi.core.errors import InvalidValues, NotFound, Text
from kakehashi.core.filters.definition import Filter
from kakehashi.core.ids import ids_in
from kakehashi.ui.htmx import is_fragment, with_toast
from kakehashi.ui.list_builder.builder import Builder, Sent, read_sent
from kakehashi.ui.list_builder.parts import show_group, show_row
from kakehashi.ui.toasts import add_toast

from .columns import (
    arrange_columns,
    columns_of,
    filter_in,
    hint_of,
    put_back_column,
    remove_column,
    restore_columns,
    save_column,
)
from .models import About, TypeColumn
from .queries import find_column, removed_columns

_TEMPLATES = "bridge/customer_types/templates"
_MOST_REMOVED = 20
_ASKED_OF = (About.LEADS, About.CONTACTS, About.ACCOUNTS, About.DEALS)


@require_GET
@org_page
def columns(request: HttpRequest, visit: Visit) -> HttpResponse:
    connection = open_connection(visit)
    crm, found = crm_side(visit.org_id), columns_of(connection)
    rows = [(column, hint_of(column), crm.filter_problems(column.about, filter_in(column))) for column in found]
    context = {
        "rows": rows,
        "asked": sorted(found, key=lambda column: (column.precedence, column.pk)),
        "removed": removed_columns(connection)[:_MOST_REMOVED],
        "board_url": reverse("desk_customer_types", args=[connection.portal_id]),
        "desk_name": desk_side(connection.portal_id).name,
    }
    return show_page(request, visit, f"{_TEMPLATES}/settings.html", context)


@require_POST
@org_page
def order(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The order on the board, and in which the columns are asked."""
    connection = open_connection(visit)
    arrange_columns(connection, shown=_ids(request, "shown"), asked=_ids(request, "asked"), actor=visit.actor)
    add_toast(request, _("Saved"))
    return redirect("desk_integration_types", visit.org_id)


@require_POST
@org_page
def defaults(request: HttpRequest, visit: Visit) -> HttpResponse:
    restore_columns(open_connection(visit), actor=visit.actor)
    add_toast(request, _("The four columns are back as they were."))
    return redirect("desk_integration_types", visit.org_id)


@require_http_methods(["GET", "POST"])
@org_page
def column(request: HttpRequest, visit: Visit, type_column_id: int | None = None) -> HttpResponse:
    """The form of a column, a new one without an id."""
    connection = open_connection(visit)
    found = find_column(connection, type_column_id) if type_column_id else None
    if request.method == "GET":
        about = found.about if found else About.DEALS.value
        asked = filter_in(found) if found else Filter()
        return _form(request, visit, found, found.label if found else "", about, _shown(visit, about, asked))
    about = request.POST.get("about", "")
    about = found.about if found and found.about == About.REST else about if about in (About.KNOWN, *_ASKED_OF) else About.KNOWN.value  # fmt: skip
    sent, name = _sent(request, visit, about), request.POST.get("name", "")
    refusals: Mapping[str, Text] = {}
    if not (sent and sent.refusals):
        try:
            save_column(
                connection, found, name=name, about=about, asked=sent.filter if sent else Filter(), actor=visit.actor
            )
        except InvalidValues as invalid:
            refusals = invalid.by_field
        else:
            add_toast(request, _("Saved. The open tickets are sorted anew."))
            return redirect("desk_integration_types", visit.org_id)
    shown = _sent_again(visit, about, sent) if sent else {}
    return _form(request, visit, found, name, about, shown, refusals=refusals, status=422)


@require_POST
@org_page
def removal(request: HttpRequest, visit: Visit, type_column_id: int) -> HttpResponse:
    connection = open_connection(visit)
    found = find_column(connection, type_column_id)
    try:
        remove_column(connection, found, actor=visit.actor)
    except InvalidValues as refused:
        return with_toast(HttpResponse(status=204), refused.by_field["name"])
    undo = reverse("desk_integration_type_return", args=[visit.org_id, found.pk])
    add_toast(request, _("The column “%(name)s” was removed.") % {"name": found.label}, undo=undo)
    return redirect("desk_integration_types", visit.org_id)


@require_POST
@org_page
def giving_back(request: HttpRequest, visit: Visit, type_column_id: int) -> HttpResponse:
    """The undo of a removal, and the way back later."""
    connection = open_connection(visit)
    found = removed_columns(connection).filter(pk=type_column_id).first()
    if found is None:
        raise NotFound
    try:
        put_back_column(connection, found, actor=visit.actor)
    except InvalidValues as refused:
        return with_toast(HttpResponse(status=204), refused.by_field["name"])
    add_toast(request, _("The column “%(name)s” is back. The open tickets are sorted anew.") % {"name": found.label})
    here = reverse("desk_integration_types", args=[visit.org_id])
    return HttpResponse(status=204, headers={"HX-Redirect": here}) if is_fragment(request) else redirect(here)


@require_GET
@org_page
def conditions(request: HttpRequest, visit: Visit, about: str) -> HttpResponse:
    """What can be asked, after another kind of records was chosen."""
    open_connection(visit)
    if about not in (*_ASKED_OF, "none"):
        raise NotFound
    return render(request, f"{_TEMPLATES}/conditions.html", {"visit": visit, **_shown(visit, about, Filter())})


@require_GET
@org_page
def row(request: HttpRequest, visit: Visit, about: str) -> HttpResponse:
    open_connection(visit)
    builder = _builder(visit, about)
    return show_row(request, builder, _addresses(visit, about, builder))


@require_GET
@org_page
def group(request: HttpRequest, visit: Visit, about: str) -> HttpResponse:
    open_connection(visit)
    builder = _builder(visit, about)
    return show_group(request, builder, _addresses(visit, about, builder))


def _form(
    request: HttpRequest,
    visit: Visit,
    found: TypeColumn | None,
    name: str,
    about: str,
    shown: Mapping[str, Any],
    *,
    refusals: Mapping[str, Text] | None = None,
    status: int = 200,
) -> HttpResponse:
    kinds = [(value, label) for value, label in About.choices if value != About.REST]
    context = {
        "column": found,
        "name": name,
        "about": about,
        "kinds": [] if found and found.about == About.REST else kinds,
        "refusals": refusals or {},
        **shown,
    }
    return show_page(request, visit, f"{_TEMPLATES}/column.html", context, status=status)


def _builder(visit: Visit, about: str) -> Builder:
    """Raises `NotFound` for what has no fields."""
    if about not in _ASKED_OF:
        raise NotFound
    crm = crm_side(visit.org_id)
    return Builder(crm.record_subjects(about, visit.actor), crm.record_naming(visit.actor))


def _shown(visit: Visit, about: str, asked: Filter) -> dict[str, Any]:
    """A filter as rows; nothing for what has no conditions."""
    if about not in _ASKED_OF:
        return {}
    builder = _builder(visit, about)
    return {**_addresses(visit, about, builder), "groups": builder.groups(asked) if asked else [], "join": asked.join}


def _sent(request: HttpRequest, visit: Visit, about: str) -> Sent | None:
    return read_sent(request.POST, _builder(visit, about).subjects) if about in _ASKED_OF else None


def _sent_again(visit: Visit, about: str, sent: Sent) -> dict[str, Any]:
    builder = _builder(visit, about)
    return {**_addresses(visit, about, builder), "groups": builder.sent_groups(sent), "join": sent.filter.join}


def _addresses(visit: Visit, about: str, builder: Builder) -> dict[str, Any]:
    here = [visit.org_id, about]
    return {
        "sections": crm_side(visit.org_id).record_sections(about, builder.subjects, visit.actor),
        "row_url": reverse("desk_integration_type_row", args=here),
        "group_url": reverse("desk_integration_type_group", args=here),
    }


def _ids(request: HttpRequest, name: str) -> Sequence[int]:
    return ids_in(request.POST.getlist(name))
