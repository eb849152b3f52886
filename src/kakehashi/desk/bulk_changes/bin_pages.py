"""The recycle bin of tickets, all of it or the spam that a figure counts."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from kakehashi.core.filters.definition import Filter, FilterIsBroken, from_text
from kakehashi.core.keyset import place_of, read_place, rows_beyond
from kakehashi.desk.portals.access import DeskAccess, desk_page
from kakehashi.desk.portals.workspace import workspace_of
from kakehashi.desk.record_bin.keeping import keeping_context
from kakehashi.desk.ticket_views.queries import fitting
from kakehashi.desk.ticket_views.subjects import subjects_of
from kakehashi.desk.tickets.models import Ticket
from kakehashi.desk.tickets.queries import binned_tickets
from kakehashi.ui.htmx import is_fragment
from kakehashi.ui.shell.workspace import render_page

_HERE = "desk/bulk_changes/templates"
_PAGE = 50


@require_GET
@desk_page
def ticket_bin(request: HttpRequest, access: DeskAccess) -> HttpResponse:
    """What was deleted, the latest first: all, or with `spam` what was marked as such and fits `filter`."""
    access.require("may_delete")
    rows = binned_tickets(access.portal)
    if access.department_ids is not None:
        rows = rows.filter(department_id__in=access.department_ids)
    is_spam = "spam" in request.GET
    if is_spam:
        rows = fitting(rows.filter(is_spam=True), access, subjects_of(access.portal), _asked(request))
    place = read_place(request.GET.get("after", ""))
    found: list[Ticket] = rows_beyond(rows, "deleted_at", place, is_falling=True, most=_PAGE + 1)
    next_place = place_of(found[_PAGE - 1], "deleted_at") if len(found) > _PAGE else ""
    context = {"access": access, "tickets": found[:_PAGE], "next": next_place, "is_first": place is None}
    context |= {"is_spam": is_spam, "choice": _choice(request) if is_spam else ""}
    context |= keeping_context(access)
    if is_fragment(request):
        return render(request, f"{_HERE}/bin_rows.html", context)
    return render_page(request, f"{_HERE}/bin.html", context, workspace=workspace_of(access), active="tickets")


def _asked(request: HttpRequest) -> Filter:
    """A filter that cannot be read asks for nothing."""
    try:
        return from_text(request.GET.get("filter", ""))
    except FilterIsBroken:
        return Filter()


def _choice(request: HttpRequest) -> str:
    """What an address says besides the place in the list."""
    return urlencode({name: request.GET[name] for name in ("spam", "filter") if name in request.GET})
