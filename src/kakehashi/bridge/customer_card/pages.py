"""What the Desk knows about an account or contact, beside its tickets (spec R4)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET

from kakehashi.bridge.connection.permissions import DESK_INTEGRATION
from kakehashi.bridge.related_lists.queries import connection_showing
from kakehashi.bridge.related_lists.standing import standing_of
from kakehashi.bridge.sides.front import Visit
from kakehashi.bridge.sync.mapping import BY_CRM_NAME
from kakehashi.bridge.ticket_panel.access import tickets_of
from kakehashi.bridge.visits import org_page
from kakehashi.ui.htmx import is_fragment

_TEMPLATES = "bridge/customer_card/templates"
_MODULES = ("Accounts", "Contacts")


def has_card(org_id: int, module: str) -> bool:
    return module in _MODULES and connection_showing(org_id, module) is not None


def render_place(request: HttpRequest, org_id: int, module: str, record_id: int) -> SafeString:
    """Where the card comes once somebody looks: the record's page does not wait for it."""
    url = reverse("record_desk_details", args=[org_id, module, record_id])
    return render_to_string(f"{_TEMPLATES}/place.html", {"url": url}, request)


@require_GET
@org_page
def desk_details(request: HttpRequest, visit: Visit, module: str, record_id: int) -> HttpResponse:
    """Its fields there, who works on its tickets, what they are about, and how it rated the answers; or why it is not there."""
    tickets = tickets_of(visit.org_id, module, record_id, visit.actor)
    if not is_fragment(request):
        return redirect(f"{tickets.crm_url}#desk_details")
    standing = standing_of(tickets.connection, tickets.record)
    card = None
    if standing and standing.desk_id is not None:
        card = tickets.desk.customer_card(BY_CRM_NAME[module].desk, standing.desk_id, visit.actor)
    context = {
        "tickets": tickets,
        "standing": standing,
        "may_cure": DESK_INTEGRATION.code in visit.permissions,
        "card": card,
        "url": request.path,
        "statistics_url": reverse("record_statistics", args=tickets.address),
    }
    return render(request, f"{_TEMPLATES}/card.html", context)
