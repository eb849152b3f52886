"""同期の状況: how everything stands in figures that add up, what failed and why, and the comparison of both sides."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.connection.pages import find_connection, open_connection, show_page
from kakehashi.bridge.connection.permissions import DESK_INTEGRATION
from kakehashi.bridge.decisions.conflicts import open_conflicts
from kakehashi.bridge.decisions.matches import open_matches
from kakehashi.bridge.sides.front import Visit
from kakehashi.bridge.sides.records import side_named
from kakehashi.bridge.sync.health import progress_of
from kakehashi.bridge.sync.models import Run
from kakehashi.bridge.sync.unread import unread_changes
from kakehashi.bridge.visits import org_page
from kakehashi.core.ids import id_in
from kakehashi.ui.htmx import is_fragment
from kakehashi.ui.templatetags.ui_words import number
from kakehashi.ui.toasts import add_toast

from .causes import causes_of, try_like_this_again
from .comparison import next_night, start_comparison
from .counting import counts_of, totals_of
from .pace import lag_of, pace_of
from .reports import recent_reports
from .standing import Standing

TEMPLATES = "bridge/sync_health/templates"


@require_GET
@org_page
def health(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The page; as a fragment its figures again, when something has happened."""
    visit.require(DESK_INTEGRATION.code)
    connection = find_connection(visit)
    context = {"visit": visit, **_figures(connection)}
    if is_fragment(request):
        return render(request, f"{TEMPLATES}/figures.html", context)
    return show_page(request, visit, f"{TEMPLATES}/health.html", context)


@require_POST
@org_page
def comparing(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Compare both sides now."""
    run = start_comparison(open_connection(visit), Run.Occasion.PERSON, by_name=visit.actor.name)
    is_ours = run.kind == Run.Kind.COMPARE
    add_toast(
        request,
        _("Both sides are being compared.")
        if is_ours
        else _("The first sync is still running; it looks at every record."),
    )
    return redirect("desk_integration_health", visit.org_id)


@require_POST
@org_page
def retrying(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Look again at all records that failed as the named one (module, side, id) did."""
    connection, record_id = open_connection(visit), request.POST.get("id", "")
    side = side_named(request.POST.get("side", ""))
    known = id_in(record_id) or 0
    count = try_like_this_again(connection, request.POST.get("module", ""), side, known)
    told = ngettext("%(count)s record is being looked at again.", "%(count)s records are being looked at again.", count)
    add_toast(request, told % {"count": number(count)} if count else _("That has been mended meanwhile."))
    return redirect("desk_integration_health", visit.org_id)


def _figures(connection: Connection) -> dict[str, Any]:
    counts, run = counts_of(connection), Run.objects.filter(connection=connection, finished_at=None).first()
    totals = totals_of(counts)
    lag = lag_of(connection, unread=len(unread_changes(connection)))
    pace, causes = pace_of(connection), causes_of(connection)
    return {
        "connection": connection,
        "counts": counts,
        "totals": totals,
        "total": sum(totals.values()),
        "in_step_percent": _percent(totals[Standing.IN_STEP], sum(totals.values()) - totals[Standing.OUTSIDE]),
        "shares": [(tone, float(totals[standing])) for standing, tone in _TONES.items()],
        "lag": lag,
        "pace": pace,
        "carried_today": sum(pace.hours),
        "carried_lately": sum(pace.days),
        "causes": causes,
        "failed": sum(cause.count for cause in causes),  # each once, unlike in the totals of both sides
        "matches": open_matches(connection).count(),
        "conflicts": open_conflicts(connection).count(),
        "run": run,
        "progress": progress_of(run) if run else None,
        "reports": recent_reports(connection),
        "next_night": next_night(connection),
        "is_busy": bool(run or totals[Standing.WAITING]) and not connection.is_paused,
    }


_TONES = {
    Standing.IN_STEP: "good",
    Standing.WAITING: "2",
    Standing.UNDECIDED: "mid",
    Standing.FAILED: "bad",
    Standing.OUTSIDE: "3",
}


def _percent(part: int, whole: int) -> str:
    """A hundred only where it is all of them."""
    if not whole:
        return "100"
    percent = 100 * part / whole
    return "99.9" if 99.9 < percent < 100 else f"{percent:.1f}".removesuffix(".0")
