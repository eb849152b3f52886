"""無効化: the consequences first, with counts, then typed confirmation (spec X1, X4)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kakehashi.bridge.sides.directory import desk_side
from kakehashi.bridge.sides.front import Visit
from kakehashi.bridge.visits import org_page
from kakehashi.ui.toasts import add_toast

from .confirming import confirmed
from .ending import consequences_of, disable
from .pages import find_connection, show
from .permissions import DESK_INTEGRATION


@require_http_methods(["GET", "POST"])
@org_page
def ending(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Open, too, where nobody answers for the connection any more: it is one of the two offers of X2."""
    visit.require(DESK_INTEGRATION.code)
    connection = find_connection(visit)
    name, is_wrong = desk_side(connection.portal_id).name, False
    if request.method == "POST":
        is_wrong = not confirmed(request, name)
        if not is_wrong:
            disable(connection, actor=visit.actor)
            add_toast(request, _("The connection is disabled. Its links are kept for when you connect again."))
            return redirect("desk_integration", visit.org_id)
    context = {
        "connection": connection,
        "desk_name": name,
        "consequences": consequences_of(connection),
        "typed": request.POST.get("typed", ""),
        "is_wrong": is_wrong,
    }
    return show(request, visit, "ending.html", context, status=422 if is_wrong else 200)
