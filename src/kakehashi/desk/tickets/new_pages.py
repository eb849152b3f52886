"""Opening a ticket by hand: for a contact found by typing, or for somebody new."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from kakehashi.core.errors import InvalidValues
from kakehashi.core.ids import id_in, is_id
from kakehashi.desk.conversations.forms import new_file
from kakehashi.desk.customers.models import Account, Contact
from kakehashi.desk.customers.queries import visible_accounts, visible_contacts
from kakehashi.desk.customers.slots import NEW_TICKET_PANELS
from kakehashi.desk.portals.access import DeskAccess, desk_page
from kakehashi.desk.portals.workspace import workspace_of
from kakehashi.ui.shell.workspace import render_page

from .actions import open_ticket
from .forms import TicketForm
from .models import Ticket
from .once import made_once


@require_http_methods(["GET", "POST"])
@desk_page
def new_ticket(request: HttpRequest, access: DeskAccess) -> HttpResponse:
    access.require("may_create")
    if request.method == "POST":
        form = TicketForm(access, _department_of(request), request.POST, request.FILES)
        if form.is_valid() and (ticket := _open(access, form)):
            return redirect("desk_ticket", access.portal.pk, ticket.pk)
    else:
        initial = _initial(request, access)
        form = TicketForm(access, initial["departmentId"], initial=initial)
    _show_chosen(access, form)
    context = {"access": access, "form": form, "panels": [show(request, access) for show in NEW_TICKET_PANELS]}
    return render_page(
        request,
        "desk/tickets/templates/new.html",
        context,
        workspace=workspace_of(access),
        active="tickets",
        status=422 if form.errors else 200,
    )


@require_POST
@desk_page
def new_ticket_fields(request: HttpRequest, access: DeskAccess) -> HttpResponse:
    """The fields of another department's layout, with what was typed already."""
    access.require("may_create")
    form = TicketForm(access, _department_of(request), initial=request.POST.dict())
    return render(request, "desk/tickets/templates/new_fields.html", {"access": access, "form": form})


def _department_of(request: HttpRequest) -> int | None:
    given = request.POST.get("departmentId", "")
    return id_in(given)


def _open(access: DeskAccess, form: TicketForm) -> Ticket | None:
    """The ticket, or None with the reasons put beside the fields."""
    given = form.cleaned_data
    values: dict[str, Any] = {name: given[name] for name in form.laid_out if given.get(name)}
    contact = visible_contacts(access).filter(pk=given["contactId"]).first() if given["contactId"] else None
    account = visible_accounts(access).filter(pk=given["accountId"]).first() if given["accountId"] else None

    def opened() -> Ticket:
        return open_ticket(
            access.portal,
            department=given["departmentId"],
            subject=given["subject"],
            description_html=given["description"],
            contact=contact,
            contact_email=given["contactEmail"],
            contact_last_name=given["contactLastName"],
            contact_first_name=given["contactFirstName"],
            account=account,
            values=values,
            uploads=[new_file(file) for file in given["files"]],
            actor=access.actor,
        )

    try:
        return made_once(access.portal, access.person.pk, given["key"], "ticket", opened)
    except InvalidValues as invalid:
        for name, sentence in invalid.by_field.items():
            form.add_error(_PLACES.get(name, name) if _PLACES.get(name, name) in form.fields else None, str(sentence))
        return None


_PLACES = {"email": "contactEmail", "lastName": "contactLastName", "firstName": "contactFirstName"}


def _initial(request: HttpRequest, access: DeskAccess) -> dict[str, Any]:
    first = access.portal.departments.filter(is_enabled=True).first()
    asked = {name: request.GET[name] for name in ("contactId", "accountId") if is_id(request.GET.get(name, ""))}
    return {"departmentId": first.pk if first else None, "channel": "Phone", "status": "Open", **asked}


def _show_chosen(access: DeskAccess, form: TicketForm) -> None:
    """The searched lists hold no options but the one that is chosen."""
    contact: Contact | None = visible_contacts(access).filter(pk=_number(form["contactId"].value())).first()
    account: Account | None = visible_accounts(access).filter(pk=_number(form["accountId"].value())).first()
    for name, chosen in (("contactId", contact), ("accountId", account)):
        widget: Any = form.fields[name].widget
        widget.choices = [("", "")] + ([(chosen.pk, chosen.name)] if chosen else [])


def _number(value: Any) -> int:
    return id_in(str(value or "")) or 0
