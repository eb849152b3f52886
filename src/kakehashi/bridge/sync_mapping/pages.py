"""項目の関連付け: which CRM field goes with which Desk field (spec Y3, Y6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.connection.pages import open_connection, show_page
from kakehashi.bridge.sides.directory import crm_side, desk_side
from kakehashi.bridge.sides.front import Visit
from kakehashi.bridge.sync.mapping import BY_NAME, SECONDARY_EMAIL, ModulePair
from kakehashi.bridge.sync.models import Module
from kakehashi.bridge.sync.setting_models import ConflictRule, SyncedModule
from kakehashi.bridge.sync_settings.queries import find_synced, module_states
from kakehashi.bridge.visits import org_page
from kakehashi.core.errors import InvalidValues, NotFound, ProductError
from kakehashi.ui.toasts import add_toast

from .actions import MappingChanged, save_mapping
from .drafts import (
    Fields,
    PairDraft,
    default_drafts,
    fields_now,
    fingerprint,
    saved_drafts,
    sent_drafts,
    with_field,
    without,
)
from .judging import judge
from .samples import Samples, samples_of
from .showing import ShownField, show_field, show_lines

TEMPLATES = "bridge/sync_mapping/templates"


@dataclass(frozen=True)
class Sheet:
    """One request about the pairs of one module."""

    request: HttpRequest
    visit: Visit
    connection: Connection
    synced: SyncedModule

    @property
    def module(self) -> ModulePair:
        return BY_NAME[self.synced.module]

    @cached_property
    def fields(self) -> Fields:
        return fields_now(crm_side(self.visit.org_id), desk_side(self.connection.portal_id), self.module)

    @cached_property
    def saved(self) -> Sequence[PairDraft]:
        return saved_drafts(self.module, self.synced, self.fields)


@require_http_methods(["GET", "POST"])
@org_page
def fields(request: HttpRequest, visit: Visit, sync_module: str) -> HttpResponse:
    sheet = _open(request, visit, sync_module)
    if request.method == "GET":
        return _show_page(sheet, sheet.saved)
    drafts = sent_drafts(request.POST)
    try:
        save_mapping(
            sheet.connection, sync_module, drafts, based_on=request.POST.get("based_on", ""), actor=visit.actor
        )
    except InvalidValues:
        return _show_page(sheet, drafts, has_errors=True, status=422)
    except MappingChanged as changed:
        return _show_page(sheet, drafts, refusal=changed, status=409)
    add_toast(request, _("Saved. All pairs of records are compared by it."))
    return redirect("desk_integration_modules", visit.org_id)


@require_POST
@org_page
def fields_draft(request: HttpRequest, visit: Visit, sync_module: str) -> HttpResponse:
    """The pairs as they would be: one added, one taken out, the default ones again. Nothing is saved."""
    sheet = _open(request, visit, sync_module)
    drafts, sent = sent_drafts(request.POST), request.POST
    if "defaults" in sent:
        drafts = default_drafts(sheet.module, sheet.fields)
    if "taken-out" in sent:
        drafts = without(drafts, sent["taken-out"])
    if "add" in sent:
        drafts = with_field(drafts, sent.get("new", ""), sheet.fields)
    if request.headers.get("HX-Request"):
        return render(request, f"{TEMPLATES}/mapping.html", {"visit": visit, **_context(sheet, drafts)})
    return _show_page(sheet, drafts)


def _open(request: HttpRequest, visit: Visit, sync_module: str) -> Sheet:
    connection = open_connection(visit)
    synced = find_synced(connection, sync_module)
    if synced is None:
        raise NotFound
    return Sheet(request, visit, connection, synced)


def _show_page(
    sheet: Sheet,
    drafts: Sequence[PairDraft],
    *,
    has_errors: bool = False,
    refusal: ProductError | None = None,
    status: int = 200,
) -> HttpResponse:
    context = _context(sheet, drafts, has_errors=has_errors)
    if refusal:  # whoever saves again has been told
        context |= {"refusal": refusal, "based_on": fingerprint(sheet.saved)}
    context["modules"] = [one for one in module_states(sheet.connection) if one.synced]
    return show_page(sheet.request, sheet.visit, f"{TEMPLATES}/fields.html", context, status=status)


def _context(sheet: Sheet, drafts: Sequence[PairDraft], *, has_errors: bool = False) -> dict[str, Any]:
    is_two_way = sheet.synced.is_two_way
    judgement = judge(sheet.module, drafts, sheet.fields, is_two_way=is_two_way)
    samples = samples_of(sheet.connection, sheet.module, sheet.fields, actor=sheet.visit.actor)
    return {
        "module": sheet.module.name,
        "label": Module(sheet.module.name).label,
        "is_two_way": is_two_way,
        "judgement": judgement,
        "lines": show_lines(judgement, samples, tells_all=has_errors),
        "has_errors": has_errors,
        "rules": ConflictRule.choices,
        "locked": _locked(sheet, samples),
        "addable": [show_field(one, one.api_name) for one in judgement.addable],
        "new": sheet.request.POST.get("new", ""),
        "is_changed": list(drafts) != list(sheet.saved),
        "is_default": list(drafts) == default_drafts(sheet.module, sheet.fields),
        "based_on": sheet.request.POST.get("based_on") or fingerprint(sheet.saved),
    }


def _locked(sheet: Sheet, samples: Samples) -> tuple[ShownField, ShownField] | None:
    """The pair that is there by itself (spec Y6)."""
    crm, desk = sheet.fields.crm.get(SECONDARY_EMAIL.crm), sheet.fields.desk.get(SECONDARY_EMAIL.desk)
    if sheet.module.name != "contacts" or not (crm and desk):
        return None
    return (
        show_field(crm, crm.api_name, samples.crm.get(crm.api_name, ())),
        show_field(desk, desk.api_name, samples.desk.get(desk.api_name, ())),
    )
