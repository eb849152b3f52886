"""Pages of one contact or account: fields, statistics, tickets, history; and changing, deleting, restoring them."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kakehashi.core.ids import id_in
from kakehashi.desk.portals.access import DeskAccess, desk_page
from kakehashi.desk.statistics.queries import Customers
from kakehashi.desk.statistics.sheet import read_sheet
from kakehashi.desk.tickets.filters import filters_of
from kakehashi.desk.tickets.queries import customer_tickets
from kakehashi.desk.tickets.rows import line_of
from kakehashi.desk.tickets.statistics import customer_statistics

from .actions import delete_account, delete_contact, restore_account, restore_contact
from .editing import Editing, edit_record, new_record
from .kinds import ACCOUNT, CONTACT
from .models import Account, Contact
from .queries import contact_ids_of, find_account, find_contact, visible_contacts
from .record_page import elsewhere, record_context, show_record
from .slots import CUSTOMER_PANELS

_TICKETS_SHOWN = 10


@require_GET
@desk_page
def contact(request: HttpRequest, access: DeskAccess, contact_id: int) -> HttpResponse:
    found = find_contact(access, contact_id)
    if away := elsewhere(request, access, found):
        return away
    whose = {"contact_ids": [found.pk]}
    return show_record(request, access, "contact", _customer(request, access, found, whose))


@require_GET
@desk_page
def account(request: HttpRequest, access: DeskAccess, account_id: int) -> HttpResponse:
    """Its own tickets and those of its contacts, each once."""
    found = find_account(access, account_id)
    if away := elsewhere(request, access, found):
        return away
    people = visible_contacts(access).filter(account=found).order_by("name_normal", "id")
    contact_ids = contact_ids_of(found)
    context = _customer(request, access, found, {"contact_ids": contact_ids, "account_ids": [found.pk]})
    context |= {"contacts": people[:50], "contact_count": len(contact_ids)}
    return show_record(request, access, "account", context)


@require_http_methods(["GET", "POST"])
@desk_page
def new_contact(request: HttpRequest, access: DeskAccess) -> HttpResponse:
    return new_record(request, access, _contacts(access))


@require_http_methods(["GET", "POST"])
@desk_page
def edit_contact(request: HttpRequest, access: DeskAccess, contact_id: int) -> HttpResponse:
    return edit_record(request, access, _contacts(access), find_contact(access, contact_id))


@require_http_methods(["GET", "POST"])
@desk_page
def new_account(request: HttpRequest, access: DeskAccess) -> HttpResponse:
    return new_record(request, access, _accounts(access))


@require_http_methods(["GET", "POST"])
@desk_page
def edit_account(request: HttpRequest, access: DeskAccess, account_id: int) -> HttpResponse:
    return edit_record(request, access, _accounts(access), find_account(access, account_id))


@require_POST
@desk_page
def contact_deletion(request: HttpRequest, access: DeskAccess, contact_id: int) -> HttpResponse:
    delete_contact(find_contact(access, contact_id), actor=access.actor)
    return redirect("desk_contact", access.portal.pk, contact_id)


@require_POST
@desk_page
def contact_restoration(request: HttpRequest, access: DeskAccess, contact_id: int) -> HttpResponse:
    restore_contact(find_contact(access, contact_id), actor=access.actor)
    return redirect("desk_contact", access.portal.pk, contact_id)


@require_POST
@desk_page
def account_deletion(request: HttpRequest, access: DeskAccess, account_id: int) -> HttpResponse:
    delete_account(find_account(access, account_id), actor=access.actor)
    return redirect("desk_account", access.portal.pk, account_id)


@require_POST
@desk_page
def account_restoration(request: HttpRequest, access: DeskAccess, account_id: int) -> HttpResponse:
    restore_account(find_account(access, account_id), actor=access.actor)
    return redirect("desk_account", access.portal.pk, account_id)


def _customer(
    request: HttpRequest, access: DeskAccess, found: Contact | Account, whose: dict[str, Any]
) -> dict[str, Any]:
    departments = None if access.department_ids is None else sorted(access.department_ids)
    show = request.GET.get("show", "all")
    tickets = customer_tickets(
        access.portal,
        **whose,
        show=show,
        agent_id=access.agent.pk,
        limit=_TICKETS_SHOWN,
        offset=_offset(request),
        department_ids=departments,
    )
    statistics = customer_statistics(access.portal, **whose, agent_id=access.agent.pk, department_ids=departments)
    context = record_context(request, access, found)
    return context | {
        "statistics": statistics,
        "figures": read_sheet(request, access, Customers(**{name: tuple(ids) for name, ids in whose.items()})),
        "more_url": reverse(f"desk_{context['kind']}_statistics", args=[access.portal.pk, found.pk]),
        "filters": filters_of(request, show, statistics, of_customer=True),
        "lines": [line_of(ticket) for ticket in tickets.rows],
        "has_more": tickets.has_more,
        "offset": _offset(request),
        "next_offset": _offset(request) + _TICKETS_SHOWN,
        "panels": [panel(request, access, found) for panel in CUSTOMER_PANELS],
        "show": show,
        "live": " ".join([context["live"], *(f"desk.ticket:{ticket.pk}" for ticket in tickets.rows)]),
        "new_ticket_url": f"{reverse('desk_ticket_new', args=[access.portal.pk])}?{context['kind']}Id={found.pk}",
    }


def _offset(request: HttpRequest) -> int:
    value = request.GET.get("offset", "")
    return min(id_in(value) or 0, 100_000)


def _contacts(access: DeskAccess) -> Editing[Contact]:
    return Editing(
        kind=CONTACT,
        page="desk_contact",
        active="contacts",
        new_title=_("New contact"),
        edit_title=_("Edit contact"),
        cancel=reverse("desk_contacts", args=[access.portal.pk]),
        initial=lambda request: {"accountId": request.GET.get("accountId", "")},
    )


def _accounts(access: DeskAccess) -> Editing[Account]:
    return Editing(
        kind=ACCOUNT,
        page="desk_account",
        active="accounts",
        new_title=_("New account"),
        edit_title=_("Edit account"),
        cancel=reverse("desk_accounts", args=[access.portal.pk]),
    )
