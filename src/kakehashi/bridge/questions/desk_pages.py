"""Asking from a ticket in the Desk, and taking a question back."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.connection.queries import connection_of_portal
from kakehashi.bridge.sides.directory import crm_side, desk_side
from kakehashi.bridge.sides.front import DeskVisit
from kakehashi.bridge.sides.questions import AskedTicket
from kakehashi.bridge.visits import portal_page
from kakehashi.core.errors import InvalidValues, NotAllowed, NotFound, Text
from kakehashi.ui.htmx import is_fragment, with_event, with_toast
from kakehashi.ui.toasts import add_toast

from .actions import ask, withdraw
from .addressees import Addressee, addressees_of
from .models import Question
from .showing import TEMPLATES
from .words import hours_label

_HOURS = (2, 4, 8, 16, 24)
_USUAL = "8"
_OWN = "own"


@require_http_methods(["GET", "POST"])
@portal_page
def asking(request: HttpRequest, visit: DeskVisit, ticket_id: int) -> HttpResponse:
    """GET the dialog; POST asks, or shows what is missing, with everything that was typed."""
    connection, ticket = _ticket(visit, ticket_id)
    if request.method == "GET":
        return _dialog(request, visit, connection, ticket)
    try:
        addressee = _addressee(request, visit, connection, ticket)
        due_at = _due_at(request, connection, ticket)
        ask(connection, ticket, addressee, text=request.POST.get("text", ""), due_at=due_at, actor=visit.actor)
    except InvalidValues as invalid:
        return _dialog(request, visit, connection, ticket, problems=invalid.by_field)
    return _done(request, ticket, visit, _("%(name)s was asked") % {"name": addressee.name})


@require_POST
@portal_page
def withdrawal(request: HttpRequest, visit: DeskVisit, ticket_id: int, question_id: int) -> HttpResponse:
    connection, ticket = _ticket(visit, ticket_id)
    found = Question.objects.filter(connection=connection, pk=question_id).first()
    if found is None or desk_side(visit.portal_id).asked_ticket(found.ticket_id, visit.actor).id != ticket.id:
        raise NotFound
    withdraw(found, actor=visit.actor)
    return _done(request, ticket, visit, _("The question was withdrawn"))


def _ticket(visit: DeskVisit, ticket_id: int) -> tuple[Connection, AskedTicket]:
    """Raises `NotFound`, `NotAllowed`."""
    connection = connection_of_portal(visit.portal_id)
    if connection is None:
        raise NotFound
    desk = desk_side(visit.portal_id)
    ticket = desk.asked_ticket(ticket_id, visit.actor)
    if not desk.rights(visit.actor).may_comment:
        raise NotAllowed
    return connection, ticket


def _dialog(
    request: HttpRequest,
    visit: DeskVisit,
    connection: Connection,
    ticket: AskedTicket,
    *,
    problems: dict[str, Text] | None = None,
) -> HttpResponse:
    desk = desk_side(visit.portal_id)
    hours = desk.due_hours(ticket.id, _HOURS)
    offered = addressees_of(connection, crm_side(connection.org_id), desk, ticket, visit.actor)
    context: dict[str, Any] = {
        "ticket": ticket,
        "addressees": offered,
        "addressee": request.POST.get("addressee") or (offered[0].key if offered else ""),
        "text": request.POST.get("text", ""),
        "due": request.POST.get("due", _USUAL),
        "own_due": request.POST.get("own_due", ""),
        "hours": hours,
        "dues": [(str(one), hours_label(one), moment) for one, moment in hours.moments],
        "problems": problems or {},
        "url": reverse("desk_question_asking", args=[visit.portal_id, ticket.id]),
    }
    return render(request, f"{TEMPLATES}/asking.html", context, status=422 if problems else 200)


def _addressee(request: HttpRequest, visit: DeskVisit, connection: Connection, ticket: AskedTicket) -> Addressee:
    """Raises `InvalidValues` with addressee."""
    sides = crm_side(connection.org_id), desk_side(connection.portal_id)
    offered = addressees_of(connection, *sides, ticket, visit.actor)
    found = next((one for one in offered if one.key == request.POST.get("addressee", "")), None)
    if found is None:
        raise InvalidValues({"addressee": _("Choose whom to ask.")})
    return found


def _due_at(request: HttpRequest, connection: Connection, ticket: AskedTicket) -> datetime:
    """Raises `InvalidValues` with due_at."""
    asked = request.POST.get("due", _USUAL)
    if asked == _OWN:
        typed = parse_datetime(request.POST.get("own_due", "")) if request.POST.get("own_due") else None
        if typed is None:
            raise InvalidValues({"due_at": _("Enter a day and a time.")})
        return timezone.make_aware(typed) if timezone.is_naive(typed) else typed
    hours = int(asked) if asked in {str(one) for one in _HOURS} else 0
    moments = dict(desk_side(connection.portal_id).due_hours(ticket.id, [hours]).moments) if hours else {}
    if hours not in moments:
        raise InvalidValues({"due_at": _("Choose a due time.")})
    return moments[hours]


def _done(request: HttpRequest, ticket: AskedTicket, visit: DeskVisit, said: Text) -> HttpResponse:
    if not is_fragment(request):
        add_toast(request, said)
        return redirect("desk_ticket", visit.portal_id, ticket.id)
    response = with_event(with_event(HttpResponse(status=204), "close-dialog"), "ticket-changed")
    return with_toast(response, said)
