"""The sheet of a ticket, and its parts as they ask for themselves again."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kakehashi.bridge.deal_links.sheet import deals_context
from kakehashi.bridge.sides.front import Visit
from kakehashi.bridge.visits import org_page
from kakehashi.core.errors import InvalidValues
from kakehashi.ui.conversation import Presence
from kakehashi.ui.htmx import is_fragment, with_event, with_toast
from kakehashi.ui.remote_images import lets_images_in, letting_images_in, load_anew, load_as_page

from .access import RecordTickets
from .card import TEMPLATES
from .sheet import conversation_of, head_context, own_ticket, part_context, sheet_context, show_sheet


@require_GET
@org_page
def ticket(request: HttpRequest, visit: Visit, module: str, record_id: int, ticket_id: int) -> HttpResponseBase:
    tickets = own_ticket(visit, module, record_id, ticket_id)
    context = sheet_context(tickets, ticket_id)
    if not context["with_images"]:
        return show_sheet(request, visit, tickets, "ticket.html", context)
    if is_fragment(request):
        return load_as_page(request)
    return letting_images_in(show_sheet(request, visit, tickets, "ticket.html", context))


@require_GET
@org_page
def head(request: HttpRequest, visit: Visit, module: str, record_id: int, ticket_id: int) -> HttpResponse:
    """The head of the sheet again."""
    tickets = own_ticket(visit, module, record_id, ticket_id)
    context = head_context(tickets, tickets.desk.read_ticket(ticket_id, tickets.actor))
    return render(request, f"{TEMPLATES}/ticket_head.html", context)


@require_GET
@org_page
def talk(request: HttpRequest, visit: Visit, module: str, record_id: int, ticket_id: int) -> HttpResponse:
    """The conversation again, from where it was shown; what is being typed below it stays."""
    tickets = own_ticket(visit, module, record_id, ticket_id)
    since, lets_in = request.GET.get("since", ""), lets_images_in(request)
    shown = conversation_of(tickets, ticket_id, lets_images_in=lets_in, since=since)
    return render(request, f"{TEMPLATES}/messages.html", {"talk": shown})


@require_GET
@org_page
def earlier(request: HttpRequest, visit: Visit, module: str, record_id: int, ticket_id: int) -> HttpResponse:
    """What was said before the part that stands there."""
    tickets = own_ticket(visit, module, record_id, ticket_id)
    before, lets_in = request.GET.get("before", ""), lets_images_in(request)
    shown = conversation_of(tickets, ticket_id, lets_images_in=lets_in, before=before)
    context = {**part_context(tickets, ticket_id), "talk": shown, "with_images": lets_in}
    return render(request, f"{TEMPLATES}/earlier.html", context)


@require_POST
@org_page
def images(
    request: HttpRequest, visit: Visit, module: str, record_id: int, ticket_id: int, message_id: int
) -> HttpResponse:
    """Show a mail's remote images, now and later."""
    own_ticket(visit, module, record_id, ticket_id).desk.show_images(ticket_id, message_id, visit.actor)
    return load_anew()


@require_http_methods(["GET", "POST"])
@org_page
def properties(request: HttpRequest, visit: Visit, module: str, record_id: int, ticket_id: int) -> HttpResponse:
    """The fields again; a post changes those that it names, in place."""
    tickets = own_ticket(visit, module, record_id, ticket_id)
    if request.method == "GET":
        return _fields(request, tickets, ticket_id)
    try:
        token = tickets.desk.change_properties(ticket_id, request.POST, visit.actor)
    except InvalidValues as refused:
        return _fields(request, tickets, ticket_id, refused)
    if not is_fragment(request):
        return redirect("record_ticket", *tickets.address, ticket_id)
    answer = with_event(_fields(request, tickets, ticket_id), "ticket-changed")
    if not token:
        return answer
    return with_toast(
        answer, _("Saved"), undo=reverse("record_ticket_undoing", args=[*tickets.address, ticket_id, token])
    )


@require_POST
@org_page
def undoing(
    request: HttpRequest, visit: Visit, module: str, record_id: int, ticket_id: int, token: str
) -> HttpResponse:
    """A change of one field, taken back."""
    is_back = own_ticket(visit, module, record_id, ticket_id).desk.undo_properties(ticket_id, token, visit.actor)
    said = _("As before") if is_back else _("Somebody has changed it since. It stays as it is.")
    return with_toast(HttpResponse(status=204), said)


@require_GET
@org_page
def history(request: HttpRequest, visit: Visit, module: str, record_id: int, ticket_id: int) -> HttpResponse:
    """All that happened to the ticket, by days."""
    tickets = own_ticket(visit, module, record_id, ticket_id)
    context = {"days": tickets.desk.history(ticket_id, visit.actor)}
    return render(request, f"{TEMPLATES}/history.html", context)


@require_http_methods(["GET", "POST"])
@org_page
def presence(request: HttpRequest, visit: Visit, module: str, record_id: int, ticket_id: int) -> HttpResponse:
    """Who else has it open; a post says that I am here (`state`: here, typing, away)."""
    tickets = own_ticket(visit, module, record_id, ticket_id)
    state = request.POST.get("state", "here") if request.method == "POST" else ""
    found = tickets.desk.presence(ticket_id, visit.actor, state)
    return HttpResponse(status=204) if state == "away" else _present(request, tickets, ticket_id, found)


@require_POST
@org_page
def takeover(request: HttpRequest, visit: Visit, module: str, record_id: int, ticket_id: int) -> HttpResponse:
    """The answer is mine."""
    tickets = own_ticket(visit, module, record_id, ticket_id)
    return _present(request, tickets, ticket_id, tickets.desk.take_over(ticket_id, visit.actor))


def _fields(
    request: HttpRequest, tickets: RecordTickets, ticket_id: int, refused: InvalidValues | None = None
) -> HttpResponse:
    problems = refused.by_field if refused else {}
    context = {
        **head_context(tickets, tickets.desk.read_ticket(ticket_id, tickets.actor)),
        "properties": tickets.desk.properties(ticket_id, tickets.actor, problems),
        **deals_context(tickets, ticket_id),
    }
    return render(request, f"{TEMPLATES}/properties.html", context, status=422 if refused else 200)


def _present(request: HttpRequest, tickets: RecordTickets, ticket_id: int, found: Presence) -> HttpResponse:
    context = {**part_context(tickets, ticket_id), "presence_found": found}
    return render(request, f"{TEMPLATES}/presence.html", context)
