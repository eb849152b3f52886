"""The connection as the Desk's settings show it (spec S7): who may, deletes it there (X3)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from kakehashi.bridge.sides.directory import crm_side, desk_front, desk_side
from kakehashi.bridge.sides.front import DeskVisit
from kakehashi.bridge.visits import portal_page
from kakehashi.core.errors import NotFound
from kakehashi.ui.toasts import add_toast

from .confirming import confirmed
from .ending import consequences_of, delete_from_desk
from .owners import owners_of
from .portals import free_orgs
from .queries import connection_of_portal

TEMPLATES = "bridge/connection/templates"
KEY = "desk_connection"


@require_GET
@portal_page
def crm_integration(request: HttpRequest, visit: DeskVisit) -> HttpResponse:
    connection = connection_of_portal(visit.portal_id)
    context: dict[str, Any] = {"visit": visit, "connection": connection}
    if connection is None:
        context["orgs"] = free_orgs(visit) if visit.is_administrator else []
    else:
        crm = crm_side(connection.org_id)
        context |= {
            "crm_name": crm.name,
            "owners": owners_of(connection),
            "administrators": _administrators(visit) if not visit.is_administrator else [],
            "transitions": connection.transitions.all()[:10],
        }
    return desk_front().settings_page(request, visit, f"{TEMPLATES}/on_desk.html", context, key=KEY, status=200)


@require_http_methods(["GET", "POST"])
@portal_page
def crm_integration_deletion(request: HttpRequest, visit: DeskVisit) -> HttpResponse:
    """Typed confirmation, and completely or not at all."""
    visit.require_administrator()
    connection = connection_of_portal(visit.portal_id)
    if connection is None:
        raise NotFound
    name, is_wrong = crm_side(connection.org_id).name, False
    if request.method == "POST":
        is_wrong = not confirmed(request, name)
        if not is_wrong:
            delete_from_desk(connection, actor=visit.actor)
            add_toast(request, _("The connection is deleted. No customer data crosses any more."))
            return redirect("desk_connection", visit.portal_id)
    context = {
        "visit": visit,
        "connection": connection,
        "crm_name": name,
        "consequences": consequences_of(connection),
        "typed": request.POST.get("typed", ""),
        "is_wrong": is_wrong,
    }
    return desk_front().settings_page(
        request, visit, f"{TEMPLATES}/deletion.html", context, key=KEY, status=422 if is_wrong else 200
    )


def _administrators(visit: DeskVisit) -> list[str]:
    seats = desk_side(visit.portal_id).seats()
    return [seat.name for seat in seats if seat.is_administrator and seat.is_active][:5]
