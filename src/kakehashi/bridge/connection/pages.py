"""設定 > Desk連携: the page that shows a connection, and the steps that make one (spec S1–S3, S6)."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kakehashi.bridge.decisions.conflicts import open_conflicts
from kakehashi.bridge.decisions.matches import open_matches
from kakehashi.bridge.invitations.queries import people_of
from kakehashi.bridge.related_lists.choosing import ticket_modules
from kakehashi.bridge.sides.directory import crm_side, desk_side, front
from kakehashi.bridge.sides.front import Visit
from kakehashi.bridge.sides.records import side_named
from kakehashi.bridge.signals.choosing import choices_of
from kakehashi.bridge.sync.brake import is_braked
from kakehashi.bridge.sync.health import health_of
from kakehashi.bridge.sync.mapping import BY_NAME
from kakehashi.bridge.sync.problems import failing_problems, try_again, try_all_again
from kakehashi.bridge.sync.setting_models import in_step
from kakehashi.bridge.visits import org_page
from kakehashi.core.errors import NotFound
from kakehashi.core.ids import is_id
from kakehashi.ui.toasts import add_toast

from .actions import pause, resume
from .models import Connection
from .owners import OwnerState, owners_of, possible_owners, require_open
from .permissions import DESK_INTEGRATION
from .queries import history_of, living_connection, past_connections

TEMPLATES = "bridge/connection/templates"
KEY = "desk_integration"


@require_GET
@org_page
def integration(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What it says while nothing is connected, while somebody answers for the connection, and while nobody does (spec X2)."""
    visit.require(DESK_INTEGRATION.code)
    connection = living_connection(visit.org_id)
    if connection is None:
        past = [(one, desk_side(one.portal_id).name) for one in past_connections(visit.org_id)[:5]]
        return show(request, visit, "start.html", {"past": past, "transitions": history_of(visit.org_id)[:10]})
    owners = owners_of(connection)
    people = people_of(connection)
    context = {**_sides(connection), **_sync(connection), "owners": owners, "people": people}
    if not any(state.is_in_place for state in owners):
        return show(request, visit, "closed.html", {**context, "candidates": possible_owners(connection)})
    modules = ticket_modules(connection, crm_side(visit.org_id))
    context |= {"ticket_modules": [one for one in modules if one.is_chosen], "is_last_owner": _is_last(owners)}
    signals = choices_of(connection)
    context |= {"signals": signals, "signals_on": sum(1 for one in signals if one.on)}
    context["set_up_by_left"] = not crm_side(visit.org_id).has_member(connection.set_up_by_id)
    return show(request, visit, "integration.html", context)


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
    context = {"failing": failing_problems(connection), "matches": open_matches(connection).count()}
    return show(request, visit, "problems.html", context)


@require_POST
@org_page
def retry(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Look again at one record (module, id), or at all that are held or failing."""
    connection, record_id = open_connection(visit), request.POST.get("id", "")
    if is_id(record_id):
        side = side_named(request.POST.get("side", ""))
        try_again(connection, request.POST.get("module", ""), side, int(record_id))
    else:
        try_all_again(connection)
    add_toast(request, _("It is being looked at again."))
    return redirect("desk_integration_problems", visit.org_id)


@require_POST
@org_page
def pausing(request: HttpRequest, visit: Visit) -> HttpResponse:
    pause(open_connection(visit), actor=visit.actor)
    add_toast(request, _("Sync is paused. Changes are kept and carried across when you resume."))
    return redirect("desk_integration", visit.org_id)


@require_POST
@org_page
def resumption(request: HttpRequest, visit: Visit) -> HttpResponse:
    resume(open_connection(visit), actor=visit.actor)
    add_toast(request, _("Sync goes on."))
    return redirect("desk_integration", visit.org_id)


def find_connection(visit: Visit) -> Connection:
    """Raises `NotFound` where nothing is connected."""
    connection = living_connection(visit.org_id)
    if connection is None:
        raise NotFound
    return connection


def open_connection(visit: Visit) -> Connection:
    """To change its settings. Raises `NotAllowed`, `NotFound`, or `SettingsAreClosed` where nobody answers for it any more."""
    visit.require(DESK_INTEGRATION.code)
    connection = find_connection(visit)
    require_open(connection)
    return connection


def show(
    request: HttpRequest, visit: Visit, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    return show_page(request, visit, f"{TEMPLATES}/{template}", context, status=status)


def show_page(
    request: HttpRequest, visit: Visit, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """A page below Desk integration in the CRM's settings."""
    return front().settings_page(request, visit, template, {"visit": visit, **context}, key=KEY, status=status)


def _sides(connection: Connection) -> dict[str, Any]:
    """Both names with what they hold, module by module."""
    crm, desk = crm_side(connection.org_id), desk_side(connection.portal_id)
    modules = [BY_NAME[row.module] for row in in_step(connection.pk).order_by("id")]
    return {
        "connection": connection,
        "crm_name": crm.name,
        "crm_counts": {module.name: crm.count(module.crm) for module in modules},
        "desk_name": desk.name,
        "desk_counts": {module.name: desk.count(module.desk) for module in modules},
        "desk_url": desk.home_url(),
        "transitions": history_of(connection.org_id)[:20],
    }


def _sync(connection: Connection) -> dict[str, Any]:
    undecided = {"matches": open_matches(connection).count(), "conflicts": open_conflicts(connection).count()}
    health = health_of(connection)
    return {"connection": connection, "health": health, "is_braked": is_braked(connection), **undecided}


def _is_last(owners: Sequence[OwnerState]) -> bool:
    return sum(1 for state in owners if state.is_in_place) == 1
