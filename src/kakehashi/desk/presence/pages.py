"""What a ticket's page and a list say of colleagues who have the ticket open."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kakehashi.core.ids import ids_in
from kakehashi.desk.portals.access import DeskAccess, desk_page
from kakehashi.desk.tickets.queries import find_ticket, visible_tickets

from .actions import be_present, leave, take_over
from .queries import presence_at, present_at

_HERE = "desk/presence/templates"


@require_http_methods(["GET", "POST"])
@desk_page
def presence(request: HttpRequest, access: DeskAccess, ticket_id: int) -> HttpResponse:
    """POST says that I am here (`state`: here, typing, away); both answer who else is."""
    ticket = find_ticket(access, ticket_id)
    state = request.POST.get("state", "")
    if state == "away":
        leave(ticket, access.agent)
        return HttpResponse(status=204)
    if request.method == "POST" and ticket.deleted_at is None:
        be_present(ticket, access.agent, is_typing=state == "typing" and access.rights.may_reply)
    return _show(request, access, ticket_id)


@require_POST
@desk_page
def takeover(request: HttpRequest, access: DeskAccess, ticket_id: int) -> HttpResponse:
    """The reply is mine."""
    access.require("may_reply")
    take_over(find_ticket(access, ticket_id), access.agent)
    return _show(request, access, ticket_id)


@require_GET
@desk_page
def in_list(request: HttpRequest, access: DeskAccess) -> HttpResponse:
    """Dots for the rows of a list: `ids` are its tickets."""
    wanted = ids_in(request.GET.get("ids", "").split(",")[:200])
    ids = list(visible_tickets(access).filter(pk__in=wanted).values_list("pk", flat=True))
    found = present_at(ids, access.agent)
    return render(request, f"{_HERE}/dots.html", {"rows": [(pk, found.get(pk, [])) for pk in ids]})


def _show(request: HttpRequest, access: DeskAccess, ticket_id: int) -> HttpResponse:
    found = presence_at(find_ticket(access, ticket_id), access.agent)
    context = {"access": access, "ticket_id": ticket_id, "found": found}
    return render(request, f"{_HERE}/presence.html", context)
