"""A ticket as its customer sees it by a signed link: read, answer, close."""

from typing import Any

from allauth.core import ratelimit
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kakehashi.core.attachments.serving import attachment_response
from kakehashi.core.errors import NotFound
from kakehashi.desk.conversations.actions import receive_mail
from kakehashi.desk.conversations.addresses import Address
from kakehashi.desk.conversations.forms import new_file
from kakehashi.desk.conversations.incoming import IncomingText
from kakehashi.desk.tickets.actions import close_ticket
from kakehashi.desk.tickets.models import StatusType, Ticket
from kakehashi.ui.toasts import add_toast

from .access import customer_actor, customer_page
from .forms import AnswerForm
from .links import CustomerLink, Scope
from .queries import CustomerView, settings_of

_HERE = "desk/customer_pages/templates"


@require_http_methods(["GET", "POST"])
@customer_page(Scope.TICKET)
def ticket(request: HttpRequest, link: CustomerLink, token: str) -> HttpResponseBase:
    """A post is an answer. The conversation is shown with what was typed where it cannot be taken."""
    _require_page(link.ticket)
    form = AnswerForm(request.POST, request.FILES) if request.method == "POST" else AnswerForm()
    status = 200
    if request.method == "POST":
        if form.is_valid() and ratelimit.consume(request, action="customer_answer", key=str(link.ticket.pk)):
            _answer(link.ticket, form)
            add_toast(request, _("Your answer has been sent."))
            return redirect("customer_ticket", token)
        if form.is_valid():
            form.add_error(None, _("That was a lot at once. Please try again in an hour."))
        status = 422 if form.errors.keys() - {"__all__"} else 429
    return render(request, f"{_HERE}/ticket.html", _context(link.ticket, token, form), status=status)


@require_POST
@customer_page(Scope.TICKET)
def closure(request: HttpRequest, link: CustomerLink, token: str) -> HttpResponseBase:
    """The customer's matter is settled."""
    _require_page(link.ticket)
    if link.ticket.closed_at is None:
        close_ticket(link.ticket, actor=customer_actor(link.ticket))
        add_toast(request, _("Your request is closed. An answer opens it again."))
    return redirect("customer_ticket", token)


@require_GET
@customer_page(Scope.TICKET)
def file(request: HttpRequest, link: CustomerLink, token: str, attachment_id: int) -> HttpResponseBase:
    """A file of what is shown."""
    _require_page(link.ticket)
    found = CustomerView(link.ticket).may_fetch(attachment_id)
    if found is None:
        raise NotFound
    return attachment_response(found.attachment)


def _require_page(ticket: Ticket) -> None:
    """The department may have taken its pages back since."""
    if not settings_of(ticket.department).shows_page:
        raise NotFound


def _answer(ticket: Ticket, form: AnswerForm) -> None:
    given = form.cleaned_data
    name = ticket.contact.name if ticket.contact else ""
    mail = IncomingText(
        sender=str(Address(name, ticket.email)),
        text=given["text"],
        subject=ticket.subject,
        uploads=[new_file(one) for one in given["attachments"]],
    )
    receive_mail(ticket, mail, actor=customer_actor(ticket))


def _context(ticket: Ticket, token: str, form: AnswerForm) -> dict[str, Any]:
    def url_of(attachment_id: int) -> str:
        return reverse("customer_file", args=[token, attachment_id])

    return {
        "ticket": ticket,
        "token": token,
        "items": CustomerView(ticket).items(url_of),
        "form": form,
        "state": _state(ticket),
    }


def _state(ticket: Ticket) -> tuple[str, str]:
    """(in the customer's words, colour)."""
    if ticket.closed_at:
        return _("Closed"), "green"
    if ticket.status.type == StatusType.ON_HOLD or not ticket.is_our_turn:
        return _("Waiting for you"), "amber"
    return _("We are working on it"), "blue"
