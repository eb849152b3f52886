"""CRMの関連リスト: the modules whose records show tickets, and which of them people without a Desk account see."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kakehashi.bridge.connection.models import SeatlessSight
from kakehashi.bridge.connection.pages import open_connection, show_page
from kakehashi.bridge.deal_links.models import Sight
from kakehashi.bridge.deal_links.sight import choose_sight as choose_deal_sight
from kakehashi.bridge.deal_links.sight import sight_of
from kakehashi.bridge.sides.directory import crm_side
from kakehashi.bridge.sides.front import Visit
from kakehashi.bridge.visits import org_page
from kakehashi.ui.toasts import add_toast

from .choosing import choose_modules, choose_sight, ticket_modules


@require_http_methods(["GET", "POST"])
@org_page
def related_lists(request: HttpRequest, visit: Visit) -> HttpResponse:
    connection, crm = open_connection(visit), crm_side(visit.org_id)
    if request.method == "POST":
        with transaction.atomic():
            choose_modules(connection, crm, request.POST.getlist("modules"), actor=visit.actor)
            choose_sight(connection, request.POST.get("seatless_sight", connection.seatless_sight), actor=visit.actor)
            choose_deal_sight(connection, request.POST.get("deal_sight", sight_of(connection)), actor=visit.actor)
        add_toast(request, _("Saved"))
        return redirect("desk_integration", visit.org_id)
    context = {
        "modules": ticket_modules(connection, crm),
        "deal_sights": [(value, label, value == sight_of(connection)) for value, label in Sight.choices],
        "sights": [(value, label, value == connection.seatless_sight) for value, label in SeatlessSight.choices],
    }
    return show_page(request, visit, "bridge/related_lists/templates/related_lists.html", context)
