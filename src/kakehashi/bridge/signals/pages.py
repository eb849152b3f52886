"""設定 > チャネル > シグナル: which news from the Desk ring in the CRM (spec G1)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kakehashi.bridge.connection.pages import open_connection
from kakehashi.bridge.connection.permissions import DESK_INTEGRATION
from kakehashi.bridge.connection.queries import living_connection
from kakehashi.bridge.sides.directory import front
from kakehashi.bridge.sides.front import Visit
from kakehashi.bridge.visits import org_page
from kakehashi.ui.toasts import add_toast

from .choosing import choices_of, choose, key_of
from .kinds import AUDIENCES

KEY = "signals"


@require_http_methods(["GET", "POST"])
@org_page
def signals(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Where nothing is connected it says so, and where to begin."""
    visit.require(DESK_INTEGRATION.code)
    if request.method == "POST":
        choose(open_connection(visit), request.POST.getlist("on"), actor=visit.actor)
        add_toast(request, _("Saved"))
        return redirect("desk_integration_signals", visit.org_id)
    connection = living_connection(visit.org_id)
    chosen = choices_of(open_connection(visit)) if connection else []
    rows = [
        (one, [(key_of(one.kind.news, name), label, name in one.on) for name, label in AUDIENCES.items()])
        for one in chosen
    ]
    context = {"visit": visit, "connection": connection, "rows": rows, "audiences": AUDIENCES.values()}
    return front().settings_page(request, visit, "bridge/signals/templates/settings.html", context, key=KEY, status=200)
