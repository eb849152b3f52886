"""Who answers for the connection: taken over in one step, more owners added, owners who leave (spec X2)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kakehashi.bridge.sides.front import Visit
from kakehashi.bridge.visits import org_page
from kakehashi.core.errors import InvalidValues, ProductError
from kakehashi.core.ids import id_in
from kakehashi.ui.toasts import add_toast

from .owners import add_owner, owners_of, possible_owners, remove_owner, take_over
from .pages import find_connection, open_connection, show
from .permissions import DESK_INTEGRATION


@require_GET
@org_page
def owners(request: HttpRequest, visit: Visit) -> HttpResponse:
    connection = open_connection(visit)
    context = {"connection": connection, "owners": owners_of(connection), "candidates": possible_owners(connection)}
    return show(request, visit, "owners.html", context)


@require_POST
@org_page
def taking_over(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The one thing besides disabling that a closed page offers."""
    visit.require(DESK_INTEGRATION.code)
    take_over(find_connection(visit), person_id=_chosen(request), actor=visit.actor)
    add_toast(request, _("Taken over. Everything goes on as it was."))
    return redirect("desk_integration", visit.org_id)


@require_POST
@org_page
def owner_addition(request: HttpRequest, visit: Visit) -> HttpResponse:
    add_owner(open_connection(visit), person_id=_chosen(request), actor=visit.actor)
    add_toast(request, _("Saved"))
    return redirect("desk_integration_owners", visit.org_id)


@require_POST
@org_page
def owner_removal(request: HttpRequest, visit: Visit) -> HttpResponse:
    try:
        remove_owner(open_connection(visit), person_id=_chosen(request), actor=visit.actor)
        add_toast(request, _("Saved"))
    except ProductError as refused:
        if refused.status != 409:
            raise
        add_toast(request, str(refused))
    return redirect("desk_integration_owners", visit.org_id)


def _chosen(request: HttpRequest) -> int:
    person_id = id_in(request.POST.get("person"))
    if person_id is None:
        raise InvalidValues({"person": _("Choose somebody who is active in the Desk.")})
    return person_id
