"""Reading: the list on a record, a ticket in its sheet, its files."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_GET

from kakehashi.bridge.sides.directory import front
from kakehashi.bridge.sides.front import Visit
from kakehashi.bridge.visits import org_page
from kakehashi.core.attachments.serving import attachment_response
from kakehashi.ui.htmx import is_fragment

from .access import RecordTickets, tickets_of
from .card import TEMPLATES, card_context
from .properties import property_rows
from .showing import composer_of, conversation_of, deadline_of, tone_of


@require_GET
@org_page
def ticket_list(request: HttpRequest, visit: Visit, module: str, record_id: int) -> HttpResponse:
    """The card again: another filter, another page, or something changed. As a full page it is the record's."""
    tickets = tickets_of(visit.org_id, module, record_id, visit.actor)
    if not is_fragment(request):
        return redirect(f"{tickets.crm.record_url(module, record_id)}?{request.GET.urlencode()}#desk")
    return render(request, f"{TEMPLATES}/card.html", card_context(request, tickets))


@require_GET
@org_page
def ticket(request: HttpRequest, visit: Visit, module: str, record_id: int, ticket_id: int) -> HttpResponseBase:
    tickets = own_ticket(visit, module, record_id, ticket_id)
    return show_sheet(request, visit, tickets, "ticket.html", ticket_context(tickets, ticket_id))


@require_GET
@org_page
def talk(request: HttpRequest, visit: Visit, module: str, record_id: int, ticket_id: int) -> HttpResponse:
    """The conversation again; what is being typed below it stays."""
    tickets = own_ticket(visit, module, record_id, ticket_id)
    return render(request, f"{TEMPLATES}/conversation.html", ticket_context(tickets, ticket_id))


@require_GET
@org_page
def head(request: HttpRequest, visit: Visit, module: str, record_id: int, ticket_id: int) -> HttpResponse:
    """The head of the sheet again."""
    tickets = own_ticket(visit, module, record_id, ticket_id)
    return render(request, f"{TEMPLATES}/ticket_head.html", ticket_context(tickets, ticket_id))


@require_GET
@org_page
def properties(request: HttpRequest, visit: Visit, module: str, record_id: int, ticket_id: int) -> HttpResponse:
    """The fields again."""
    tickets = own_ticket(visit, module, record_id, ticket_id)
    return render(request, f"{TEMPLATES}/properties.html", ticket_context(tickets, ticket_id))


@require_GET
@org_page
def attachment(
    request: HttpRequest, visit: Visit, module: str, record_id: int, ticket_id: int, attachment_id: int
) -> HttpResponseBase:
    tickets = own_ticket(visit, module, record_id, ticket_id)
    return attachment_response(tickets.desk.read_attachment(ticket_id, attachment_id, visit.actor))


@require_GET
@org_page
def contact_choices(request: HttpRequest, visit: Visit, module: str, record_id: int) -> HttpResponse:
    """連絡先名の検索: Desk contacts by name or address."""
    tickets = tickets_of(visit.org_id, module, record_id, visit.actor)
    found = tickets.desk.search_contacts(request.GET.get("q", ""), visit.actor)
    choices = [{"value": one.value, "text": str(one.label), "hint": str(one.hint)} for one in found]
    return JsonResponse(choices, safe=False)


def own_ticket(visit: Visit, module: str, record_id: int, ticket_id: int) -> RecordTickets:
    """Raises `NotFound` unless the person sees the record and the ticket is its customer's."""
    tickets = tickets_of(visit.org_id, module, record_id, visit.actor)
    tickets.require_own([ticket_id])
    return tickets


def ticket_context(tickets: RecordTickets, ticket_id: int) -> dict[str, Any]:
    detail = tickets.desk.read_ticket(ticket_id, tickets.actor)
    words, state = deadline_of(detail.row.due_at, detail.row.closed_at)
    return {
        "tickets": tickets,
        "rights": detail.rights,
        "detail": detail,
        "row": detail.row,
        "tone": tone_of(detail.row),
        "deadline_words": words,
        "deadline_state": state,
        "messages_shown": conversation_of(detail, tickets),
        "composer_shown": composer_of(ticket_id, tickets),
        "property_rows": property_rows(detail, tickets),
        "ticket_args": [*tickets.address, ticket_id],
        "record_url": tickets.crm.record_url(tickets.record.module, tickets.record.id),
    }


def show_sheet(
    request: HttpRequest,
    visit: Visit,
    tickets: RecordTickets,
    template: str,
    context: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponseBase:
    """Over the page it was opened from, or, visited directly, over the record's page."""
    if is_fragment(request):
        return render(request, f"{TEMPLATES}/{template}", context, status=status)
    sheet = render_to_string(f"{TEMPLATES}/{template}", context, request)
    page = front().record_page(request, visit, tickets.record.module, tickets.record.id, sheet=sheet)
    page.status_code = status
    return page


def sheet_url(tickets: RecordTickets, ticket_id: int) -> str:
    return reverse("record_ticket", args=[*tickets.address, ticket_id])
