"""The list of tickets: a view, in one of three layouts, with its filters, order and page."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kakehashi.core.patience import TookTooLong, at_most
from kakehashi.desk.outside_ranks.slots import OutsideColumn
from kakehashi.desk.portals.access import DeskAccess, desk_page
from kakehashi.desk.portals.workspace import workspace_of
from kakehashi.desk.ticket_tags.queries import tag_names
from kakehashi.desk.tickets.list_pages import bulk_fields
from kakehashi.desk.tickets.rows import TicketLine
from kakehashi.identity.people.actions import remember_workspace
from kakehashi.ui.htmx import is_fragment
from kakehashi.ui.shell.workspace import render_page

from .actions import choose_layout
from .board import board_of
from .choice import ListChoice, read_choice
from .columns import columns_of, table_of
from .lines import lines_of
from .models import ListLayout
from .offer import Offer, offer_for
from .queries import COUNTED_ROWS, SORTS, chosen_tickets, glance_counts, list_tickets, problems_with, ranked
from .subjects import subjects_of
from .views import Views, views_of

_HERE = "desk/ticket_views/templates"
_PATIENCE_MILLISECONDS = 10_000
_LAYOUTS = (("table", "list"), ("compact", "table"), ("board", "layout-kanban"))


@require_GET
@desk_page
def home(request: HttpRequest, access: DeskAccess) -> HttpResponse:
    return redirect("desk_tickets", access.portal.pk)


@require_GET
@desk_page
def tickets(request: HttpRequest, access: DeskAccess) -> HttpResponse:
    """The list as a page; as a fragment when only the list is asked for."""
    views, offer = views_of(access), offer_for(access)
    choice = read_choice(request.GET, views, offer)
    if request.GET.get("layout") and choice.layout != views.layout:
        choose_layout(access.agent, choice.layout)
    context = _frame(access, views, choice, offer) | _shown_in_time(access, choice, offer)
    if is_fragment(request):
        return render(request, f"{_HERE}/list_card.html", context)
    remember_workspace(access.person, reverse("desk_home", args=[access.portal.pk]))
    return render_page(request, f"{_HERE}/list.html", context, workspace=workspace_of(access), active="tickets")


@require_GET
@desk_page
def counts(request: HttpRequest, access: DeskAccess) -> HttpResponse:
    """How many tickets each view of the rail has, up to a thousand."""
    views = list(views_of(access))
    found = glance_counts(access, subjects_of(access.portal), [view.filter for view in views])
    counted = [
        (view, None if count is None else (min(count, COUNTED_ROWS), count <= COUNTED_ROWS))
        for view, count in zip(views, found, strict=True)
    ]
    return render(request, f"{_HERE}/counts.html", {"counted": counted})


@require_POST
@desk_page
def layout(request: HttpRequest, access: DeskAccess, layout: str) -> HttpResponse:
    """The list comes in this layout from now on."""
    choose_layout(access.agent, layout)
    return redirect(list_address(access, QueryDict(request.POST.get("query", "")).urlencode()))


def list_address(access: DeskAccess, query: str = "") -> str:
    address = reverse("desk_tickets", args=[access.portal.pk])
    return f"{address}?{query}" if query else address


def choice_of(access: DeskAccess, query: QueryDict) -> ListChoice:
    return read_choice(query, views_of(access), offer_for(access))


def _shown_in_time(access: DeskAccess, choice: ListChoice, offer: Offer) -> dict[str, Any]:
    """The tickets, or that the database was given up on: what was asked stays above, to be changed."""
    try:
        with at_most(_PATIENCE_MILLISECONDS, by_index=True):
            return _shown(access, choice, offer)
    except TookTooLong:
        return {"took_too_long": True}


def _shown(access: DeskAccess, choice: ListChoice, offer: Offer) -> dict[str, Any]:
    subjects = subjects_of(access.portal, offer.schemas)
    rows = chosen_tickets(access, subjects, choice.filter, choice.text)
    said: dict[str, Any] = {"problems": problems_with(choice.filter, subjects)}
    if choice.layout == ListLayout.BOARD:
        columns = board_of(access.portal, rows)
        return said | {"columns": columns, "shown_ids": _ids([line for column in columns for line in column.lines])}
    page = list_tickets(
        ranked(rows, access.portal, choice.sort),
        choice.sort,
        after=choice.after,
        before=choice.before,
        in_full=choice.layout == ListLayout.COMPACT,
    )
    shown = choice.columns if choice.layout == ListLayout.COMPACT else ("next", "escalatedBy")
    lines = lines_of(access.portal, page.tickets, shown=shown)
    said |= {"page": page, "lines": lines, "shown_ids": _ids(lines), "previous_url": "", "next_url": ""}
    query = choice.query()
    for side, place in (("previous", page.previous), ("next", page.next)):
        if place:
            step = {"before" if side == "previous" else "after": place}
            said[f"{side}_url"] = f"?{urlencode({**query, **step})}"
    if choice.layout == ListLayout.COMPACT:
        chosen = columns_of(choice.columns, offer)
        said |= {"columns": chosen, "cells": table_of(lines, chosen, offer)}
    return said


def _ids(lines: Sequence[TicketLine]) -> str:
    return ",".join(str(line.ticket.pk) for line in lines[:200])


def _frame(access: DeskAccess, views: Views, choice: ListChoice, offer: Offer) -> dict[str, Any]:
    """What stands around the tickets, however they are laid out."""
    query = choice.query()
    saved = choice.view.saved
    is_own = saved is not None and (saved.owner_id == access.person.pk or access.rights.may_administer)
    return {
        "access": access,
        "choice": choice,
        "view": choice.view,
        "rail": _rail(views),
        "view_is_own": is_own,
        "is_default": choice.view.key == views.default_key,
        "condition_count": sum(1 for _condition in choice.filter),
        "query": urlencode(query),
        "state": query,
        "reset_query": urlencode({"view": choice.view.key}),
        "layouts": [
            (key, _layout_label(key), icon, f"?{urlencode({**query, 'layout': key})}", key == choice.layout)
            for key, icon in _LAYOUTS
        ],
        "sorts": _sorts(choice, offer),
        "bulk_fields": bulk_fields(access),
        "bulk_tags": tag_names(access.portal, 40) if access.rights.may_update else [],
        "live": "desk.ticket",
    }


def _rail(views: Views) -> list[tuple[str, Sequence[Any]]]:
    groups = [(_("Views"), views.standard), (_("My views"), views.mine), (_("Shared views"), views.shared)]
    return [(heading, entries) for heading, entries in groups if entries]


def _layout_label(key: str) -> str:
    return {"table": _("List"), "compact": _("Table"), "board": _("Board")}[key]


def _sorts(choice: ListChoice, offer: Offer) -> list[tuple[str, str]]:
    offered = [
        ("-activity", _("Latest activity")),
        ("due", _("Due soonest (open ones)")),
        ("-number", _("Newest")),
        ("number", _("Oldest")),
        ("activity", _("Longest without activity")),
        *(pair for column in offer.outside.values() if column.sorts for pair in _orders(column)),
    ]
    known = dict(offered)
    if choice.sort in known:
        return offered
    words = {"due": _("Due date"), "created": _("Created")}
    key = choice.sort.removeprefix("-")
    if key not in SORTS or key not in words:
        return offered
    return [*offered, (choice.sort, f"{words[key]} {'↓' if choice.sort.startswith('-') else '↑'}")]


def _orders(column: OutsideColumn) -> list[tuple[str, str]]:
    return [(f"-{column.key}", str(column.falling)), (column.key, str(column.rising))]
