"""設定 > Desk連携 > 同期: which modules are kept in step, and how (spec Y1, Y2, Y4, Y5, Y7)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kakehashi.bridge.connection.checks import checks_of_crm
from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.connection.pages import open_connection, show_page
from kakehashi.bridge.sides.directory import crm_side
from kakehashi.bridge.sides.front import Visit
from kakehashi.bridge.sync.models import Module
from kakehashi.bridge.sync.setting_models import SyncedModule
from kakehashi.bridge.visits import org_page
from kakehashi.ui.toasts import add_toast

from .actions import add_module, change_settings, remove_module, start_module
from .chosen import Settings, settings_of
from .forms import SettingsForm, initial_of
from .meaning import meaning_of
from .queries import find_synced, module_states

TEMPLATES = "bridge/sync_settings/templates"


@require_GET
@org_page
def modules(request: HttpRequest, visit: Visit) -> HttpResponse:
    return show_page(request, visit, f"{TEMPLATES}/modules.html", {"modules": module_states(open_connection(visit))})


@require_http_methods(["GET", "POST"])
@org_page
def module_settings(request: HttpRequest, visit: Visit, sync_module: str) -> HttpResponse:
    """Saved only when what it means has been shown: the page sends back what it said."""
    connection = open_connection(visit)
    synced = find_synced(connection, sync_module)
    before = settings_of(synced) if synced else None
    if request.method == "GET":
        form = SettingsForm(connection, sync_module, initial=initial_of(before or Settings()))
        meaning = meaning_of(connection, sync_module, None, Settings()) if before is None else []
        return _show(request, visit, connection, synced, sync_module, {"form": form, "meaning": meaning})
    form = SettingsForm(connection, sync_module, request.POST)
    if not form.is_valid():
        return _show(request, visit, connection, synced, sync_module, {"form": form}, status=422)
    meaning = meaning_of(connection, sync_module, before, form.settings, waits=_waits(synced))
    if not {one.key for one in meaning} <= set(request.POST.getlist("read")):
        context = {"form": form, "meaning": meaning, "asks": True}
        return _show(request, visit, connection, synced, sync_module, context)
    if synced:
        change_settings(connection, sync_module, form.settings, actor=visit.actor)
        add_toast(request, _("Saved"))
    else:
        added = add_module(connection, sync_module, form.settings, actor=visit.actor)
        waits = _("Added. Nothing is carried across before you start it.")
        add_toast(request, _("Added to the plan.") if added.is_started else waits)
    return redirect("desk_integration_modules", visit.org_id)


@require_POST
@org_page
def module_start(request: HttpRequest, visit: Visit, sync_module: str) -> HttpResponse:
    """Its records are carried across from now on."""
    start_module(open_connection(visit), sync_module, actor=visit.actor)
    add_toast(request, _("Started. Its records are being matched."))
    return redirect("desk_integration_modules", visit.org_id)


@require_POST
@org_page
def module_removal(request: HttpRequest, visit: Visit, sync_module: str) -> HttpResponse:
    """Taken back before it was started."""
    if remove_module(open_connection(visit), sync_module, actor=visit.actor):
        add_toast(request, _("Taken back"))
    return redirect("desk_integration_modules", visit.org_id)


@require_POST
@org_page
def module_meaning(request: HttpRequest, visit: Visit, sync_module: str) -> HttpResponse:
    """What the form, as it is now, would mean. Nothing is saved."""
    connection = open_connection(visit)
    synced = find_synced(connection, sync_module)
    form = SettingsForm(connection, sync_module, request.POST)
    before = settings_of(synced) if synced else None
    meaning = (
        meaning_of(connection, sync_module, before, form.settings, waits=_waits(synced)) if form.is_valid() else []
    )
    return render(request, f"{TEMPLATES}/meaning.html", {"meaning": meaning})


def _waits(synced: SyncedModule | None) -> bool:
    return synced is not None and not synced.is_started


def _show(
    request: HttpRequest,
    visit: Visit,
    connection: Connection,
    synced: SyncedModule | None,
    module: str,
    context: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    checks = [] if synced else [one for one in checks_of_crm(crm_side(connection.org_id), [module]) if not one.is_fine]
    context |= {"module": module, "label": Module(module).label, "synced": synced, "checks": checks}
    return show_page(request, visit, f"{TEMPLATES}/module.html", context, status=status)
