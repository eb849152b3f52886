"""Changing tickets, one from its sheet or several from the list: fields, closing, deleting and taking that back."""

from collections.abc import Sequence
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from kakehashi.bridge.sides.front import Visit
from kakehashi.bridge.visits import org_page
from kakehashi.core.errors import InvalidValues, NotFound, Text
from kakehashi.ui.htmx import is_fragment, with_event, with_toast
from kakehashi.ui.toasts import add_toast

from .access import RecordTickets, tickets_of
from .card import TEMPLATES
from .pages import ticket_context
from .properties import PropertyRow, as_input, in_order


@require_GET
@org_page
def update_form(request: HttpRequest, visit: Visit, module: str, record_id: int) -> HttpResponse:
    """項目の更新: the field, and the control that goes with it."""
    tickets = tickets_of(visit.org_id, module, record_id, visit.actor)
    return render(request, f"{TEMPLATES}/update_form.html", _update_context(tickets, request.GET.get("field", "")))


@require_POST
@org_page
def values(request: HttpRequest, visit: Visit, module: str, record_id: int) -> HttpResponse:
    """One field of the chosen tickets gets a new value."""
    tickets, ids = _chosen(request, visit, module, record_id)
    field, value = request.POST.get("field", ""), request.POST.get("value", "")
    try:
        tickets.desk.update_tickets(ids, {field: value}, visit.actor)
    except InvalidValues as refused:
        context = _update_context(tickets, field, value) | {"error": refused.by_field.get(field, refused.message)}
        return render(request, f"{TEMPLATES}/update_form.html", context, status=422)
    said = ngettext("%(count)d ticket updated", "%(count)d tickets updated", len(ids)) % {"count": len(ids)}
    response = _done(request, tickets, said)
    return with_event(response, "close-dialog") if is_fragment(request) else response


@require_POST
@org_page
def closures(request: HttpRequest, visit: Visit, module: str, record_id: int) -> HttpResponse:
    tickets, ids = _chosen(request, visit, module, record_id)
    tickets.desk.close_tickets(ids, visit.actor)
    said = ngettext("%(count)d ticket closed", "%(count)d tickets closed", len(ids)) % {"count": len(ids)}
    return _done(request, tickets, said)


@require_POST
@org_page
def removals(request: HttpRequest, visit: Visit, module: str, record_id: int) -> HttpResponse:
    """Into the Desk's recycle bin, with a way back in the toast."""
    tickets, ids = _chosen(request, visit, module, record_id)
    tickets.desk.delete_tickets(ids, visit.actor)
    said = ngettext("%(count)d ticket deleted", "%(count)d tickets deleted", len(ids)) % {"count": len(ids)}
    undo = reverse("record_tickets_restorations", args=tickets.address)
    response = _done(request, tickets, said, undo=f"{undo}?{urlencode({'selected': ids}, doseq=True)}")
    return with_event(response, "close-sheet") if is_fragment(request) else response


@require_POST
@org_page
def restorations(request: HttpRequest, visit: Visit, module: str, record_id: int) -> HttpResponse:
    tickets, ids = _chosen(request, visit, module, record_id)
    tickets.desk.restore_tickets(ids, visit.actor)
    said = ngettext("%(count)d ticket restored", "%(count)d tickets restored", len(ids)) % {"count": len(ids)}
    return _done(request, tickets, said)


@require_POST
@org_page
def value(request: HttpRequest, visit: Visit, module: str, record_id: int, ticket_id: int) -> HttpResponse:
    """One field of one ticket, in place in its sheet."""
    tickets = tickets_of(visit.org_id, module, record_id, visit.actor)
    tickets.require_own([ticket_id])
    field = request.POST.get("field", "")
    try:
        tickets.desk.update_tickets([ticket_id], {field: request.POST.get("value", "")}, visit.actor)
    except InvalidValues as refused:
        context = ticket_context(tickets, ticket_id)
        context |= {"refused_field": field, "refusal": refused.by_field.get(field, refused.message)}
        return render(request, f"{TEMPLATES}/properties.html", context, status=422)
    if not is_fragment(request):
        return redirect("record_ticket", *tickets.address, ticket_id)
    page = render(request, f"{TEMPLATES}/properties.html", ticket_context(tickets, ticket_id))
    return with_event(page, "ticket-changed")


def _chosen(request: HttpRequest, visit: Visit, module: str, record_id: int) -> tuple[RecordTickets, Sequence[int]]:
    """The tickets named by `selected`, in the form or (taking back) in the address; all must be this customer's."""
    tickets = tickets_of(visit.org_id, module, record_id, visit.actor)
    asked = [*request.POST.getlist("selected"), *request.GET.getlist("selected")]
    ids = list(dict.fromkeys(int(one) for one in asked if one.isdecimal()))
    if not ids:
        raise NotFound
    tickets.require_own(ids)
    return tickets, ids


def _done(request: HttpRequest, tickets: RecordTickets, said: Text, *, undo: str = "") -> HttpResponse:
    if is_fragment(request):
        return with_toast(with_event(HttpResponse(status=204), "ticket-changed"), said, undo=undo)
    add_toast(request, said, undo=undo)
    return redirect(f"{tickets.crm.record_url(tickets.record.module, tickets.record.id)}#desk")


def _update_context(tickets: RecordTickets, field_name: str, typed: str = "") -> dict[str, object]:
    fields = in_order(tickets.desk.ticket_fields(tickets.actor))
    if not fields:
        raise NotFound
    field = next((one for one in fields if one.api_name == field_name), fields[0])
    row = PropertyRow(field, as_input(typed), "", is_editable=True)
    return {"tickets": tickets, "fields": fields, "row": row}
