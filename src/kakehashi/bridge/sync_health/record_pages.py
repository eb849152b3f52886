"""Why is this record not synced? Finding the record, then its explanation with what cures it."""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kakehashi.bridge.connection.pages import find_connection, open_connection, show_page
from kakehashi.bridge.connection.permissions import DESK_INTEGRATION
from kakehashi.bridge.sides.front import Visit
from kakehashi.bridge.sides.records import SideName
from kakehashi.bridge.sync.outcome_models import JournalRow
from kakehashi.bridge.sync.problems import try_again
from kakehashi.bridge.sync_journal.telling import Telling
from kakehashi.bridge.visits import org_page
from kakehashi.core.errors import NotFound
from kakehashi.ui.toasts import add_toast

from .curing import Cure
from .explaining import Explanation, explain
from .finding import find_records

TEMPLATES = "bridge/sync_health/templates"
FEW_LINES = 5
_SIDES: Mapping[str, SideName] = {"crm": "crm", "desk": "desk"}


@require_GET
@org_page
def records(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What was found; the only one is explained at once."""
    visit.require(DESK_INTEGRATION.code)
    connection, text = find_connection(visit), request.GET.get("q", "").strip()[:200]
    found = find_records(connection, text, visit.actor)
    if len(found) == 1:
        [one] = found
        return redirect("desk_integration_record", visit.org_id, one.module, one.side, one.id)
    return show_page(request, visit, f"{TEMPLATES}/records.html", {"found": found, "text": text})


@require_GET
@org_page
def record(request: HttpRequest, visit: Visit, sync_module: str, side: str, record_id: int) -> HttpResponse:
    visit.require(DESK_INTEGRATION.code)
    if side not in _SIDES:
        raise NotFound
    connection = find_connection(visit)
    told = explain(connection, sync_module, _SIDES[side], record_id, actor=visit.actor)
    lines = JournalRow.objects.filter(connection=connection, module=sync_module, **{f"{side}_id": record_id})
    latest = list(lines.order_by("-pk")[:FEW_LINES])
    context = {
        "told": told,
        "cures": [(cure, _address(visit, told, cure)) for cure in told.cures],
        "lines": Telling(connection).lines(latest),
        "journal_query": f"module={sync_module}&{side}_id={record_id}",
    }
    return show_page(request, visit, f"{TEMPLATES}/record.html", context)


@require_POST
@org_page
def record_retry(request: HttpRequest, visit: Visit, sync_module: str, side: str, record_id: int) -> HttpResponse:
    """Look at it again now."""
    connection = open_connection(visit)
    if side not in _SIDES:
        raise NotFound
    explain(connection, sync_module, _SIDES[side], record_id, actor=visit.actor)
    try_again(connection, sync_module, _SIDES[side], record_id)
    add_toast(request, _("It is being looked at again."))
    return redirect("desk_integration_record", visit.org_id, sync_module, side, record_id)


def _address(visit: Visit, told: Explanation, cure: Cure) -> str:
    """Of what cures it; "" for what is pressed right here."""
    org, module = visit.org_id, told.case.module.name
    addresses = {
        Cure.OPEN_RECORD: told.case.url,
        Cure.FIELDS: reverse("desk_integration_fields", args=[org, module]),
        Cure.MATCHES: reverse("desk_integration_matches", args=[org]),
        Cure.APART: reverse("desk_integration_matches", args=[org]) + "?show=apart",
        Cure.CONFLICTS: reverse("desk_integration_conflicts", args=[org]),
        Cure.SETTINGS: reverse("desk_integration_modules", args=[org]),
        Cure.SCOPE: reverse("desk_integration_scope", args=[org, module, told.case.side]),
        Cure.PLAN: reverse("desk_integration_plan", args=[org]),
        Cure.RESUME: reverse("desk_integration", args=[org]),
    }
    return addresses.get(cure, "")
