"""顧客分類モード in the Desk (spec X6)."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_POST

from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.connection.permissions import DESK_INTEGRATION
from kakehashi.bridge.connection.queries import connection_of_portal
from kakehashi.bridge.sides.directory import desk_front, desk_side, front
from kakehashi.bridge.sides.front import DeskVisit
from kakehashi.bridge.visits import portal_page
from kakehashi.core.errors import NotFound
from kakehashi.core.ids import id_in, is_id
from kakehashi.ui.htmx import is_fragment, with_event

from .board import SORTS, Choice, board_of, may_see, more_of
from .columns import columns_of
from .models import FoldedColumn, TypeColumn
from .progress import sorting_of
from .queries import find_column
from .sorting import LIVE

_TEMPLATES = "bridge/customer_types/templates"
_KEY = "customer_types"


@require_GET
@portal_page
def board(request: HttpRequest, visit: DeskVisit) -> HttpResponse:
    """The columns with the first cards of each; as a fragment when only they are asked for. Without a connection it says so."""
    connection = connection_of_portal(visit.portal_id)
    if connection is None:
        return desk_front().page(
            request, visit, f"{_TEMPLATES}/ended.html", {"portal_id": visit.portal_id}, active=_KEY
        )
    choice = _choice_of(request, visit)
    context = _frame(request, visit, connection, choice)
    if context["may_see"]:
        columns = board_of(connection, columns_of(connection), visit.actor, choice)
        context |= {"sorting": sorting_of(connection), "columns": columns}
    if is_fragment(request):
        return render(request, f"{_TEMPLATES}/columns.html", context)
    return desk_front().page(request, visit, f"{_TEMPLATES}/board.html", context, active=_KEY)


@require_GET
@portal_page
def more(request: HttpRequest, visit: DeskVisit, type_column_id: int) -> HttpResponse:
    """More cards of a column, from a place on."""
    connection, column = _find(visit, type_column_id)
    choice = _choice_of(request, visit)
    found = more_of(connection, column, visit.actor, choice, request.GET.get("after", ""))
    context = {"portal_id": visit.portal_id, "column": found, "query": urlencode(choice.query())}
    return render(request, f"{_TEMPLATES}/cards.html", context)


@require_POST
@portal_page
def folding(request: HttpRequest, visit: DeskVisit, type_column_id: int) -> HttpResponse:
    """Fold a column, or open it again with `folded` empty; it stays so for this person."""
    _connection, column = _find(visit, type_column_id)
    mine: dict[str, Any] = {"column": column, "person_id": visit.actor.person_id}
    if request.POST.get("folded"):
        FoldedColumn.objects.get_or_create(**mine)
    else:
        FoldedColumn.objects.filter(**mine).delete()
    if is_fragment(request):
        return with_event(HttpResponse(status=204), "column-folded")
    return redirect("desk_customer_types", visit.portal_id)


def _find(visit: DeskVisit, column_id: int) -> tuple[Connection, TypeColumn]:
    """A column of a board that this person may see. Raises `NotFound`."""
    connection = connection_of_portal(visit.portal_id)
    if connection is None or not may_see(connection, visit.actor):
        raise NotFound
    return connection, find_column(connection, column_id)


def _frame(request: HttpRequest, visit: DeskVisit, connection: Connection, choice: Choice) -> dict[str, Any]:
    departments = desk_side(visit.portal_id).departments_seen(visit.actor)
    return {
        "portal_id": visit.portal_id,
        "choice": choice,
        "departments": departments if len(departments) > 1 else [],
        "query": urlencode(choice.query()),
        "live": LIVE,
        "settings_url": "" if is_fragment(request) else _settings_url(request, connection),
        "may_see": may_see(connection, visit.actor),
    }


def _choice_of(request: HttpRequest, visit: DeskVisit) -> Choice:
    sort, department = request.GET.get("sort", ""), request.GET.get("department", "")
    chosen = id_in(department)
    return Choice(sort if sort in SORTS else SORTS[0], chosen, _opened(request.GET.getlist("opened")))


def _opened(said: Sequence[str]) -> dict[int, int]:
    """ "7:40": forty cards of column 7 stand on the page; what comes later counts."""
    pairs = [one.partition(":") for one in said]
    return {int(pk): int(count) for pk, _colon, count in pairs if is_id(pk) and is_id(count)}


def _settings_url(request: HttpRequest, connection: Connection) -> str:
    """For who keeps the integration in the CRM."""
    try:
        visit = front().visit(request, connection.org_id)
    except NotFound:
        return ""
    may = DESK_INTEGRATION.code in visit.permissions
    return reverse("desk_integration_types", args=[connection.org_id]) if may else ""
