"""One comparison: what was checked, and each record that it had looked at again."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from kakehashi.bridge.connection.pages import find_connection, show_page
from kakehashi.bridge.connection.permissions import DESK_INTEGRATION
from kakehashi.bridge.sides.front import Visit
from kakehashi.bridge.sync_plan.telling import Telling
from kakehashi.bridge.visits import org_page

from .reports import repairs_of, report_of, reported_runs

TEMPLATES = "bridge/sync_health/templates"
PAGE_SIZE = 50


@require_GET
@org_page
def report(request: HttpRequest, visit: Visit, run_id: int) -> HttpResponse:
    visit.require(DESK_INTEGRATION.code)
    connection = find_connection(visit)
    run = get_object_or_404(reported_runs(connection), pk=run_id)
    page = Paginator(repairs_of(run), PAGE_SIZE).get_page(request.GET.get("page", ""))
    context = {
        "report": report_of(run, page.paginator.count),
        "page": page,
        "rows": Telling(connection).rows(list(page)),
    }
    return show_page(request, visit, f"{TEMPLATES}/report.html", context)
