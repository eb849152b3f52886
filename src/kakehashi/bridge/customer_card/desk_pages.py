"""The customer's card from the CRM on the Desk's pages: fetched on its own, so that no page waits for the CRM."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET

from kakehashi.bridge.connection.queries import connection_of_portal
from kakehashi.bridge.sides.directory import desk_side
from kakehashi.bridge.sides.failures import SideIsAway
from kakehashi.bridge.sides.front import DeskVisit
from kakehashi.bridge.visits import portal_page
from kakehashi.core.errors import NotFound
from kakehashi.core.ids import id_in
from kakehashi.core.patience import TookTooLong, at_most
from kakehashi.ui.htmx import is_fragment

from .in_desk import card_of

_TEMPLATES = "bridge/customer_card/templates"
_PATIENCE_MILLISECONDS = 3_000


def render_place(request: HttpRequest, portal_id: int, *, is_card: bool, **customer: int | None) -> SafeString:
    """Where the card comes once somebody looks. It stays when the page around it comes anew, as long as the customer is the same."""
    asked = {name: value for name, value in customer.items() if value}
    if connection_of_portal(portal_id) is None or not asked:
        return SafeString()
    url = f"{reverse('desk_crm_card', args=[portal_id])}?{urlencode(asked)}"
    key = "-".join(f"{name}{value}" for name, value in asked.items())
    return render_to_string(f"{_TEMPLATES}/crm_place.html", {"url": url, "key": key, "is_card": is_card}, request)


def render_place_for_new(request: HttpRequest, portal_id: int) -> SafeString:
    """On the form of a new ticket: it follows the contact and account that are chosen there."""
    if connection_of_portal(portal_id) is None:
        return SafeString()
    url = reverse("desk_crm_card", args=[portal_id])
    return render_to_string(f"{_TEMPLATES}/crm_place_new.html", {"url": url}, request)


@require_GET
@portal_page
def crm_card(request: HttpRequest, visit: DeskVisit) -> HttpResponse:
    """For `?ticket=`, or for a `contact` and an `account` of the Desk. What takes too long or does not answer says so, with another try."""
    if not is_fragment(request):
        return redirect("desk_home", visit.portal_id)
    connection = connection_of_portal(visit.portal_id)
    if connection is None:
        raise NotFound
    asked = {name: _number(request, name) for name in ("ticket", "contact", "account")}
    context = {"url": request.get_full_path(), "asked": any(asked.values()), "card": None, "problem": ""}
    try:
        with at_most(_PATIENCE_MILLISECONDS):
            customer = desk_side(visit.portal_id).customer_of(**asked, actor=visit.actor)
            if customer:
                context["card"] = card_of(connection, customer, visit.actor)
    except TookTooLong:
        context["problem"] = "slow"
    except SideIsAway:
        context["problem"] = "away"
    return render(request, f"{_TEMPLATES}/crm_card.html", context)


def _number(request: HttpRequest, name: str) -> int | None:
    given = request.GET.get(name, "") or request.GET.get(f"{name}Id", "")
    return id_in(given)
