"""設定 > Desk連携: the page that shows a connection, and the steps that make one (spec S1–S3, S6)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kakehashi.bridge.sides.directory import crm_side, desk_side, front
from kakehashi.bridge.sides.front import Visit
from kakehashi.bridge.sync.health import health_of
from kakehashi.bridge.sync.mapping import BY_NAME
from kakehashi.bridge.sync.problems import failing_problems, held_problems, try_again, try_all_again
from kakehashi.bridge.visits import org_page
from kakehashi.core.errors import NotFound
from kakehashi.ui.toasts import add_toast

from .actions import pause, resume
from .models import Connection
from .permissions import DESK_INTEGRATION
from .queries import living_connection

TEMPLATES = "bridge/connection/templates"
KEY = "desk_integration"


@require_GET
@org_page
def integration(request: HttpRequest, visit: Visit) -> HttpResponse:
    visit.require(DESK_INTEGRATION.code)
    connection = living_connection(visit.org_id)
    if connection is None:
        return show(request, visit, "start.html", {})
    return show(request, visit, "integration.html", {**_sides(connection), **_sync(connection)})


@require_GET
@org_page
def sync_card(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The sync card again, while it runs."""
    visit.require(DESK_INTEGRATION.code)
    return render(request, f"{TEMPLATES}/sync_card.html", {"visit": visit, **_sync(find_connection(visit))})


@require_GET
@org_page
def problems(request: HttpRequest, visit: Visit) -> HttpResponse:
    visit.require(DESK_INTEGRATION.code)
    connection = find_connection(visit)
    context = {"held": held_problems(connection), "failing": failing_problems(connection)}
    return show(request, visit, "problems.html", context)


@require_POST
@org_page
def retry(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Look again at one record (module, id), or at all that are held or failing."""
    visit.require(DESK_INTEGRATION.code)
    connection, record_id = find_connection(visit), request.POST.get("id", "")
    if record_id.isdecimal():
        try_again(connection, request.POST.get("module", ""), int(record_id))
    else:
        try_all_again(connection)
    add_toast(request, _("It is being looked at again."))
    return redirect("desk_integration_problems", visit.org_id)


@require_POST
@org_page
def pausing(request: HttpRequest, visit: Visit) -> HttpResponse:
    visit.require(DESK_INTEGRATION.code)
    pause(find_connection(visit), actor=visit.actor)
    add_toast(request, _("Sync is paused. Changes are kept and carried across when you resume."))
    return redirect("desk_integration", visit.org_id)


@require_POST
@org_page
def resumption(request: HttpRequest, visit: Visit) -> HttpResponse:
    visit.require(DESK_INTEGRATION.code)
    resume(find_connection(visit), actor=visit.actor)
    add_toast(request, _("Sync goes on."))
    return redirect("desk_integration", visit.org_id)


def find_connection(visit: Visit) -> Connection:
    """Raises `NotFound` where nothing is connected."""
    connection = living_connection(visit.org_id)
    if connection is None:
        raise NotFound
    return connection


def show(
    request: HttpRequest, visit: Visit, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    frame = {"visit": visit, **context}
    return front().settings_page(request, visit, f"{TEMPLATES}/{template}", frame, key=KEY, status=status)


def _sides(connection: Connection) -> dict[str, Any]:
    """Both names with what they hold, module by module."""
    crm, desk = crm_side(connection.org_id), desk_side(connection.portal_id)
    modules = [BY_NAME[row.module] for row in connection.modules.order_by("id")]
    return {
        "connection": connection,
        "crm_name": crm.name,
        "crm_counts": {module.name: crm.count(module.crm) for module in modules},
        "desk_name": desk.name,
        "desk_counts": {module.name: desk.count(module.desk) for module in modules},
        "desk_url": desk.home_url(),
        "transitions": connection.transitions.all()[:10],
    }


def _sync(connection: Connection) -> dict[str, Any]:
    return {"connection": connection, "health": health_of(connection)}
