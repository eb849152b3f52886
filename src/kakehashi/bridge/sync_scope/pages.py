"""設定 > Desk連携 > 同期 > a module: which of its records are synced, built like any filter, with how many that are."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kakehashi.bridge.connection.pages import open_connection, show_page
from kakehashi.bridge.sides.directory import side_of
from kakehashi.bridge.sides.front import Visit
from kakehashi.bridge.sides.protocols import RecordSide
from kakehashi.bridge.sides.records import OTHER, SideName
from kakehashi.bridge.sync.mapping import BY_NAME
from kakehashi.bridge.sync.models import Module
from kakehashi.bridge.sync.setting_models import SyncedModule
from kakehashi.bridge.sync_settings.queries import find_synced
from kakehashi.bridge.visits import org_page
from kakehashi.core.errors import NotFound
from kakehashi.core.filters.definition import Filter
from kakehashi.ui.list_builder.builder import Builder, RowGroup, read_sent
from kakehashi.ui.list_builder.parts import show_group, show_row
from kakehashi.ui.toasts import add_toast

from .actions import change_scope

TEMPLATES = "bridge/sync_scope/templates"
_SIDES: dict[str, SideName] = {side: side for side in OTHER}


@require_http_methods(["GET", "POST"])
@org_page
def scope(request: HttpRequest, visit: Visit, sync_module: str, side: str) -> HttpResponse:
    """GET shows the scope as rows; POST keeps what was built, or says beside its row what is wrong."""
    synced, name = _find(visit, sync_module, side)
    builder = _builder(visit, synced, name)
    if request.method == "GET":
        asked = synced.scope(name)
        return _show(request, visit, synced, name, builder, builder.groups(asked), asked)
    sent = read_sent(request.POST, builder.subjects)
    if sent.refusals:
        return _show(request, visit, synced, name, builder, builder.sent_groups(sent), sent.filter, status=422)
    if change_scope(synced.connection, sync_module, name, sent.filter, actor=visit.actor):
        add_toast(request, _("Saved. The records without a partner are looked at again."))
    return redirect("desk_integration_modules", visit.org_id)


@require_POST
@org_page
def scope_count(request: HttpRequest, visit: Visit, sync_module: str, side: str) -> HttpResponse:
    """How many records fit what the form says now, as far as it can be read."""
    synced, name = _find(visit, sync_module, side)
    sent = read_sent(request.POST, _builder(visit, synced, name).subjects)
    return render(request, f"{TEMPLATES}/count.html", _counted(synced, name, sent.filter))


@require_GET
@org_page
def scope_row(request: HttpRequest, visit: Visit, sync_module: str, side: str) -> HttpResponse:
    synced, name = _find(visit, sync_module, side)
    builder = _builder(visit, synced, name)
    return show_row(request, builder, _addresses(visit, synced, name, builder))


@require_GET
@org_page
def scope_group(request: HttpRequest, visit: Visit, sync_module: str, side: str) -> HttpResponse:
    synced, name = _find(visit, sync_module, side)
    builder = _builder(visit, synced, name)
    return show_group(request, builder, _addresses(visit, synced, name, builder))


def _find(visit: Visit, sync_module: str, side: str) -> tuple[SyncedModule, SideName]:
    synced = find_synced(open_connection(visit), sync_module)
    if synced is None or side not in _SIDES:
        raise NotFound
    return synced, _SIDES[side]


def _there(synced: SyncedModule, side: SideName) -> tuple[RecordSide, str]:
    """The side, and what it calls the module."""
    return side_of(synced.connection, side), BY_NAME[synced.module].name_on(side)


def _builder(visit: Visit, synced: SyncedModule, side: SideName) -> Builder:
    there, module = _there(synced, side)
    return Builder(there.record_subjects(module, visit.actor), there.record_naming(visit.actor))


def _show(
    request: HttpRequest,
    visit: Visit,
    synced: SyncedModule,
    side: SideName,
    builder: Builder,
    groups: list[RowGroup],
    asked: Filter,
    *,
    status: int = 200,
) -> HttpResponse:
    context = {
        **_addresses(visit, synced, side, builder),
        **_counted(synced, side, asked),
        "groups": groups,
        "join": asked.join,
        "label": Module(synced.module).label,
        "is_two_way": synced.is_two_way,
    }
    return show_page(request, visit, f"{TEMPLATES}/scope.html", context, status=status)


def _counted(synced: SyncedModule, side: SideName, asked: Filter) -> dict[str, Any]:
    there, module = _there(synced, side)
    fitting = 0 if there.filter_problems(module, asked) else there.count_fitting(module, asked)
    return {"side": side, "total": there.count(module), "fitting": fitting}


def _addresses(visit: Visit, synced: SyncedModule, side: SideName, builder: Builder) -> dict[str, Any]:
    there, module = _there(synced, side)
    address = [visit.org_id, synced.module, side]
    return {
        "sections": there.record_sections(module, builder.subjects, visit.actor),
        "count_url": reverse("desk_integration_scope_count", args=address),
        "row_url": reverse("desk_integration_scope_row", args=address),
        "group_url": reverse("desk_integration_scope_group", args=address),
    }
