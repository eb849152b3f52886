"""問い合わせの追加: a new ticket from a record (spec T1)."""

from dataclasses import asdict

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kakehashi.bridge.sides.failures import SideIsAway
from kakehashi.bridge.sides.front import Visit
from kakehashi.bridge.sides.tickets import TicketDraft
from kakehashi.bridge.visits import org_page
from kakehashi.core.errors import NotAllowed, ProductError
from kakehashi.core.ids import id_in
from kakehashi.ui.htmx import is_fragment, with_event, with_toast
from kakehashi.ui.toasts import add_toast

from .access import RecordTickets, tickets_of
from .card import TEMPLATES
from .sheet import sheet_context, sheet_url, show_sheet
from .ticket_form import TicketForm


@require_http_methods(["GET", "POST"])
@org_page
def new_ticket(request: HttpRequest, visit: Visit, module: str, record_id: int) -> HttpResponseBase:
    tickets = _opening(visit, module, record_id)
    if request.method == "GET":
        return _show(request, visit, TicketForm(tickets))
    form = TicketForm(tickets, request.POST, request.FILES)
    if form.is_valid():
        try:
            ticket_id = tickets.desk.create_ticket(form.draft(request), visit.actor)
        except SideIsAway:
            raise  # the form stays as it stands
        except ProductError as refused:
            form.tell(refused)
        else:
            return _created(request, tickets, ticket_id)
    return _show(request, visit, form, status=422)


@require_POST
@org_page
def new_ticket_draft(request: HttpRequest, visit: Visit, module: str, record_id: int) -> HttpResponseBase:
    """The form with what the browser has kept of an earlier attempt."""
    form = TicketForm(_opening(visit, module, record_id), typed=request.POST)
    return _show(request, visit, form, is_kept=True)


@require_POST
@org_page
def new_ticket_fields(request: HttpRequest, visit: Visit, module: str, record_id: int) -> HttpResponse:
    """The fields of another department's layout, with what was typed already."""
    form = TicketForm(_opening(visit, module, record_id), typed=request.POST)
    return render(request, f"{TEMPLATES}/new_fields.html", {"form": form})


@require_GET
@org_page
def new_ticket_suggestions(request: HttpRequest, visit: Visit, module: str, record_id: int) -> JsonResponse:
    """Templates for the description, filled for the contact and the account that are chosen so far."""
    tickets = _opening(visit, module, record_id)
    draft = TicketDraft(
        department_id=_number(request, "department") or 0,
        subject=request.GET.get("subject", "")[:1000],
        contact_id=_number(request, "contact"),
        account_id=_number(request, "account"),
    )
    text = request.GET.get("q", "")[:100]
    found = tickets.desk.suggest_for_new(request.GET.get("kind", ""), text, draft, visit.actor)
    return JsonResponse([asdict(one) for one in found], safe=False)


def _opening(visit: Visit, module: str, record_id: int) -> RecordTickets:
    tickets = tickets_of(visit.org_id, module, record_id, visit.actor)
    if not tickets.rights.may_create:
        raise NotAllowed(_("You need an agent's account in the Desk to add tickets."))
    return tickets


def _show(
    request: HttpRequest, visit: Visit, form: TicketForm, *, status: int = 200, is_kept: bool = False
) -> HttpResponseBase:
    tickets = form.tickets
    context = {"form": form, "tickets": tickets, "is_kept": is_kept, "keep": f"ticket:{visit.person_id}"}
    return show_sheet(request, visit, tickets, "new_ticket.html", context, status=status)


def _created(request: HttpRequest, tickets: RecordTickets, ticket_id: int) -> HttpResponseBase:
    context = sheet_context(tickets, ticket_id)
    said = _("Ticket #%(number)s was added") % {"number": context["row"].number}
    if not is_fragment(request):
        add_toast(request, said)
        return redirect(sheet_url(tickets, ticket_id))
    page = render(request, f"{TEMPLATES}/ticket.html", context)
    page["HX-Replace-Url"] = sheet_url(tickets, ticket_id)
    return with_toast(with_event(page, "ticket-changed"), said)


def _number(request: HttpRequest, name: str) -> int | None:
    return id_in(request.GET.get(name))
