"""同期の計画: what the first sync would do, record by record, and approving it (issue: plan, approve all, some or none)."""

from collections.abc import Iterator
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.connection.pages import find_connection, open_connection, show_page
from kakehashi.bridge.connection.permissions import DESK_INTEGRATION
from kakehashi.bridge.sides.front import Visit
from kakehashi.bridge.sync.approving import PlanIsNotReady, approve_plan, approve_rows, latest_plan
from kakehashi.bridge.sync.health import progress_of
from kakehashi.bridge.sync.models import Module, Run
from kakehashi.bridge.sync.outcome_models import PlanRow
from kakehashi.bridge.sync.runs import start_run
from kakehashi.bridge.visits import org_page
from kakehashi.core.errors import NotFound
from kakehashi.core.ids import ids_in
from kakehashi.core.spreadsheets import BYTE_ORDER_MARK, csv_lines
from kakehashi.ui.htmx import is_fragment
from kakehashi.ui.templatetags.ui_lists import Filter
from kakehashi.ui.templatetags.ui_words import number
from kakehashi.ui.toasts import add_toast

from .queries import ROWS_PER_PAGE, PlanChoice, PlanCounts, all_rows, counts_of, read_choice, rows_of
from .telling import Telling

TEMPLATES = "bridge/sync_plan/templates"


@require_GET
@org_page
def plan(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The latest plan: while it is made, its progress; then its rows."""
    visit.require(DESK_INTEGRATION.code)
    connection = find_connection(visit)
    run = latest_plan(connection)
    choice = read_choice(request.GET)
    context: dict[str, Any] = {"visit": visit, "connection": connection, "run": run, "choice": choice}
    if run and run.finished_at is None:
        context["progress"] = progress_of(run)
    elif run:
        context |= _part(connection, run, choice, request.GET.get("page", ""))
    if is_fragment(request):
        return render(request, f"{TEMPLATES}/plan_body.html", context)
    return show_page(request, visit, f"{TEMPLATES}/plan.html", context)


@require_POST
@org_page
def approval(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Begin the first sync."""
    connection = open_connection(visit)
    approve_plan(connection, actor=visit.actor)
    add_toast(request, _("Approved. The first sync is running."))
    return redirect("desk_integration", visit.org_id)


@require_POST
@org_page
def choosing(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Take rows in or leave them out: those that were ticked, or all that the filter shows."""
    connection, choice = open_connection(visit), read_choice(request.POST)
    run = latest_plan(connection)
    if run is None or not connection.is_planned:
        raise NotFound
    deed = request.POST.get("do", "")
    ticked = ids_in(request.POST.getlist("row"))
    rows = choice.filters() if deed.endswith("_all") else Q(pk__in=ticked)
    count = approve_rows(run, rows, approved=deed.startswith("take_in"))
    add_toast(request, _chosen(count, is_in=deed.startswith("take_in")))
    return redirect(f"{reverse('desk_integration_plan', args=[visit.org_id])}?{choice.query()}")


@require_POST
@org_page
def again(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Plan once more, by the settings and records as they are now."""
    connection = open_connection(visit)
    if not connection.is_planned:
        raise PlanIsNotReady
    start_run(connection, Run.Kind.PLAN)
    add_toast(request, _("A new plan is being made."))
    return redirect("desk_integration_plan", visit.org_id)


@require_GET
@org_page
def file(request: HttpRequest, visit: Visit) -> StreamingHttpResponse:
    """The rows that the filter shows as CSV."""
    visit.require(DESK_INTEGRATION.code)
    connection = find_connection(visit)
    run = latest_plan(connection)
    if run is None:
        raise NotFound
    lines = _lines(connection, run, read_choice(request.GET))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="sync-plan.csv"'
    return response


def _part(connection: Connection, run: Run, choice: PlanChoice, page_number: str) -> dict[str, Any]:
    counts = counts_of(run, choice)
    page = Paginator(rows_of(run, choice), ROWS_PER_PAGE).get_page(page_number)
    rows = list(page.object_list)
    return {
        "page": page,
        "rows": Telling(connection).rows(rows),
        "counts": counts,
        "kinds": _kinds(connection, choice, counts),
        "modules": [(one.value, one.label) for one in Module],
        "may_choose": connection.is_planned,
        "file_query": choice.query(),
    }


def _kinds(connection: Connection, choice: PlanChoice, counts: PlanCounts) -> list[Filter]:
    url = reverse("desk_integration_plan", args=[connection.org_id])
    pills = [
        Filter(
            _("All"), f"{url}?{choice.query(kind='', left_out='')}", counts.total, not (choice.kind or choice.left_out)
        )
    ]
    pills += [
        Filter(kind.label, f"{url}?{choice.query(kind=kind, left_out='')}", counts.by_kind[kind], choice.kind == kind)
        for kind in PlanRow.Kind
        if counts.by_kind.get(kind)
    ]
    if counts.left_out:
        pills.append(
            Filter(_("Left out"), f"{url}?{choice.query(kind='', left_out='1')}", counts.left_out, choice.left_out)
        )
    return pills


def _chosen(count: int, *, is_in: bool) -> str:
    text = (
        ngettext("%(count)s record is taken in.", "%(count)s records are taken in.", count)
        if is_in
        else ngettext("%(count)s record is left out.", "%(count)s records are left out.", count)
    )
    return text % {"count": number(count)}


def _lines(connection: Connection, run: Run, choice: PlanChoice) -> Iterator[str]:
    telling = Telling(connection)
    yield BYTE_ORDER_MARK + csv_lines(
        [
            [
                _("Module"),
                _("Side"),
                _("Record"),
                _("What would happen"),
                _("Goes with"),
                _("Why"),
                _("Taken in"),
                _("Field"),
                _("Before"),
                _("After"),
                _("Written in"),
            ]
        ]
    )
    for row in all_rows(run, choice):
        yield csv_lines(list(telling.lines(row)))
