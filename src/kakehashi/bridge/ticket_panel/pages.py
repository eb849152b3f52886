"""The list on a record, the files of its tickets, and whom a new ticket may be for."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from kakehashi.bridge.sides.front import Visit
from kakehashi.bridge.sides.tickets import Choice
from kakehashi.bridge.visits import org_page
from kakehashi.core.attachments.serving import attachment_response
from kakehashi.ui.htmx import is_fragment

from .access import block_of, tickets_of
from .card import TEMPLATES, card_context
from .sheet import own_ticket


@require_GET
@org_page
def ticket_list(request: HttpRequest, visit: Visit, module: str, record_id: int) -> HttpResponse:
    """The card again: another filter, another page, or something changed. As a full page it is the record's."""
    tickets = block_of(visit.org_id, module, record_id, visit.actor)
    if not is_fragment(request):
        return redirect(f"{tickets.crm.record_url(module, record_id)}?{request.GET.urlencode()}#desk")
    return render(request, f"{TEMPLATES}/card.html", card_context(request, tickets))


@require_GET
@org_page
def attachment(
    request: HttpRequest, visit: Visit, module: str, record_id: int, ticket_id: int, attachment_id: int
) -> HttpResponseBase:
    tickets = own_ticket(visit, module, record_id, ticket_id)
    return attachment_response(tickets.desk.read_attachment(ticket_id, attachment_id, visit.actor))


@require_GET
@org_page
def contact_choices(request: HttpRequest, visit: Visit, module: str, record_id: int) -> JsonResponse:
    """連絡先名の検索: Desk contacts by name or address."""
    tickets = tickets_of(visit.org_id, module, record_id, visit.actor)
    return _options(tickets.desk.search_contacts(request.GET.get("q", ""), visit.actor))


@require_GET
@org_page
def account_choices(request: HttpRequest, visit: Visit, module: str, record_id: int) -> JsonResponse:
    """Desk accounts by name."""
    tickets = tickets_of(visit.org_id, module, record_id, visit.actor)
    return _options(tickets.desk.search_accounts(request.GET.get("q", ""), visit.actor))


def _options(found: Sequence[Choice]) -> JsonResponse:
    choices = [{"value": one.value, "text": str(one.label), "hint": str(one.hint)} for one in found]
    return JsonResponse(choices, safe=False)
