"""CRMの関連リスト: the modules whose records show tickets."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kakehashi.bridge.connection.pages import open_connection, show_page
from kakehashi.bridge.sides.directory import crm_side
from kakehashi.bridge.sides.front import Visit
from kakehashi.bridge.visits import org_page
from kakehashi.ui.toasts import add_toast

from .choosing import choose_modules, ticket_modules


@require_http_methods(["GET", "POST"])
@org_page
def related_lists(request: HttpRequest, visit: Visit) -> HttpResponse:
    connection, crm = open_connection(visit), crm_side(visit.org_id)
    if request.method == "POST":
        choose_modules(connection, crm, request.POST.getlist("modules"), actor=visit.actor)
        add_toast(request, _("Saved"))
        return redirect("desk_integration", visit.org_id)
    context = {"modules": ticket_modules(connection, crm)}
    return show_page(request, visit, "bridge/related_lists/templates/related_lists.html", context)
