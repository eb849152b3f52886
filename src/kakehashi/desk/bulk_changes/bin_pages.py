"""The recycle bin of tickets."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from kakehashi.core.keyset import place_of, read_place, rows_beyond
from kakehashi.desk.portals.access import DeskAccess, desk_page
from kakehashi.desk.portals.workspace import workspace_of
from kakehashi.desk.record_bin.keeping import keeping_context
from kakehashi.desk.tickets.models import Ticket
from kakehashi.desk.tickets.queries import binned_tickets
from kakehashi.ui.htmx import is_fragment
from kakehashi.ui.shell.workspace import render_page

_HERE = "desk/bulk_changes/templates"
_PAGE = 50


@require_GET
@desk_page
def ticket_bin(request: HttpRequest, access: DeskAccess) -> HttpResponse:
    """What was deleted, the latest first."""
    access.require("may_delete")
    rows = binned_tickets(access.portal)
    if access.department_ids is not None:
        rows = rows.filter(department_id__in=access.department_ids)
    place = read_place(request.GET.get("after", ""))
    found: list[Ticket] = rows_beyond(rows, "deleted_at", place, is_falling=True, most=_PAGE + 1)
    next_place = place_of(found[_PAGE - 1], "deleted_at") if len(found) > _PAGE else ""
    context = {"access": access, "tickets": found[:_PAGE], "next": next_place, "is_first": place is None}
    context |= keeping_context(access)
    if is_fragment(request):
        return render(request, f"{_HERE}/bin_rows.html", context)
    return render_page(request, f"{_HERE}/bin.html", context, workspace=workspace_of(access), active="tickets")
