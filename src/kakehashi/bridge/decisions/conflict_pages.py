"""The conflict inbox: both values, who, when, a suggestion, and "always for this field" (design §6)."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.connection.pages import open_connection, show_page
from kakehashi.bridge.sides.front import Visit
from kakehashi.bridge.sides.records import SideName
from kakehashi.bridge.sync.models import Module
from kakehashi.bridge.sync.outcome_models import Conflict
from kakehashi.bridge.visits import org_page
from kakehashi.core.actors import Actor
from kakehashi.core.errors import InvalidValues
from kakehashi.core.ids import ids_in, is_id
from kakehashi.ui.templatetags.ui_lists import Filter, query_with
from kakehashi.ui.toasts import add_toast

from .conflict_actions import settle, settle_for_always
from .conflicts import (
    PAGE_SIZE,
    counts_of,
    crm_names_of,
    disputes,
    evidence_of,
    newer_side,
    open_conflicts,
    page_of,
)
from .evidence import Evidence

TEMPLATES = "bridge/decisions/templates"
_SIDES: Mapping[str, SideName] = {"crm": "crm", "desk": "desk"}


@require_GET
@org_page
def conflicts(request: HttpRequest, visit: Visit) -> HttpResponse:
    connection = open_connection(visit)
    module, field = request.GET.get("module", ""), request.GET.get("field", "")
    page = page_of(open_conflicts(connection, module=module, field=field), request.GET.get("page", ""))
    evidence = evidence_of(connection, list(page), visit.actor)
    context = {
        "page": page,
        "disputes": disputes(connection, list(page), evidence),
        "filters": _filters(request, connection, evidence),
        "query": request.GET.urlencode(),
    }
    return show_page(request, visit, f"{TEMPLATES}/conflicts.html", context)


@require_POST
@org_page
def conflict_decisions(request: HttpRequest, visit: Visit) -> HttpResponse:
    """`one` is "conflict:side", for every record if `always` names the conflict; else `all` (crm, desk, newer) holds for `selected`."""
    connection, sent = open_connection(visit), request.POST
    conflict, _colon, chosen = sent.get("one", "").partition(":")
    if is_id(conflict) and chosen in _SIDES and conflict in sent.getlist("always"):
        settle_for_always(connection, int(conflict), _SIDES[chosen], actor=visit.actor)
        add_toast(request, _("Decided. From now on it is always so for this field."))
        return _back(request, visit)
    if is_id(conflict) and chosen in _SIDES:
        choices = {int(conflict): _SIDES[chosen]}
    else:
        ids = ids_in(sent.getlist("selected")[:PAGE_SIZE])
        choices = _for_all(connection, ids, sent.get("all", ""), visit.actor)
    if not choices:
        raise InvalidValues({"selected": _("Choose at least one record.")})
    decided = settle(connection, choices, actor=visit.actor)
    told = ngettext("%(count)s conflict decided.", "%(count)s conflicts decided.", decided) % {"count": decided}
    add_toast(request, told if decided else _("Somebody else has decided that already."))
    return _back(request, visit)


def _for_all(connection: Connection, ids: list[int], answer: str, actor: Actor) -> dict[int, SideName]:
    if answer in _SIDES:
        return dict.fromkeys(ids, _SIDES[answer])
    if answer != "newer":
        return {}
    found = list(Conflict.objects.filter(connection=connection, pk__in=ids).select_related("link"))
    records = evidence_of(connection, found, actor).records
    return {
        one.pk: newer_side(
            records.get((one.module, "crm", one.link.crm_id or 0)),
            records.get((one.module, "desk", one.link.desk_id or 0)),
        )
        for one in found
    }


def _back(request: HttpRequest, visit: Visit) -> HttpResponseRedirect:
    query = request.GET.urlencode()
    return redirect(reverse("desk_integration_conflicts", args=[visit.org_id]) + (f"?{query}" if query else ""))


def _filters(request: HttpRequest, connection: Connection, evidence: Evidence) -> list[Filter]:
    """All, and each field that has conflicts."""
    counts, crm_names = counts_of(open_conflicts(connection)), crm_names_of(connection)
    chosen = (request.GET.get("module", ""), request.GET.get("field", ""))
    pills = [Filter(_("All"), request.path, sum(counts.values()), chosen == ("", ""))]
    for (module, field), count in sorted(counts.items()):
        label: Any = f"{Module(module).label} · {evidence.label(module, 'crm', crm_names.get((module, field), field))}"
        url = query_with(request, module=module, field=field, page=None)
        pills.append(Filter(label, url, count, chosen == (module, field)))
    return pills
