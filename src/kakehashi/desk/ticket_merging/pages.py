"""Merging, splitting and moving tickets: each a dialog that says what will happen, each with a way back."""

import re
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kakehashi.core.errors import InvalidValues, NotFound, ProductError
from kakehashi.core.ids import ids_in
from kakehashi.desk.conversations.models import Message
from kakehashi.desk.portals.access import DeskAccess, desk_page
from kakehashi.desk.portals.models import Department
from kakehashi.desk.tickets.actions import update_ticket
from kakehashi.desk.tickets.models import Ticket
from kakehashi.desk.tickets.queries import find_ticket, visible_tickets
from kakehashi.desk.tickets.rows import line_of
from kakehashi.desk.tickets.undo import token_for_undo, values_before
from kakehashi.ui.htmx import is_fragment
from kakehashi.ui.toasts import add_toast

from .actions import find_merge, merge_tickets, unmerge_tickets
from .fitting import what_does_not_fit
from .splitting import find_split, split_ticket, unsplit_ticket

_HERE = "desk/ticket_merging/templates"
_OFFERED = 12


@require_http_methods(["GET", "POST"])
@desk_page
def merging(request: HttpRequest, access: DeskAccess) -> HttpResponse:
    """The tickets that were chosen, others of the same customer, and which of them survives."""
    access.require("may_merge")
    data = request.GET if request.method == "GET" else request.POST
    chosen = _visible(access, data.getlist("selected"))
    if request.method == "GET":
        return _merge_dialog(request, access, chosen)
    try:
        chosen += [one for one in _by_numbers(access, data.get("numbers", "")) if one not in chosen]
        survivor = _survivor(chosen, data.get("survivor", ""))
        ids = [one.pk for one in chosen]
        merge = merge_tickets(access.portal, survivor_id=survivor.pk, ticket_ids=ids, actor=access.actor)
    except InvalidValues as invalid:
        return _merge_dialog(request, access, chosen, " ".join(map(str, invalid.by_field.values())))
    back = reverse("desk_unmerging", args=[access.portal.pk, merge.pk])
    said = _("The tickets are now #%(number)s") % {"number": survivor.number}
    add_toast(request, said, undo=back)
    return _go(reverse("desk_ticket", args=[access.portal.pk, survivor.pk]))


@require_POST
@desk_page
def unmerging(request: HttpRequest, access: DeskAccess, ticket_merge_id: int) -> HttpResponse:
    merge = find_merge(access.portal, ticket_merge_id)
    find_ticket(access, merge.survivor_id)
    unmerge_tickets(merge, actor=access.actor)
    address = reverse("desk_ticket", args=[access.portal.pk, merge.survivor_id])
    add_toast(request, _("The tickets are apart again, each with its own messages."))
    return _go(address) if is_fragment(request) else redirect(address)


@require_http_methods(["GET", "POST"])
@desk_page
def splitting(request: HttpRequest, access: DeskAccess, ticket_id: int) -> HttpResponse:
    """Which messages become a ticket of their own."""
    access.require("may_merge")
    found = find_ticket(access, ticket_id)
    problem = ""
    if request.method == "POST":
        ids = ids_in(request.POST.getlist("message"))
        try:
            made = split_ticket(found, message_ids=ids, subject=request.POST.get("subject", ""), actor=access.actor)
        except InvalidValues as invalid:
            problem = " ".join(map(str, invalid.by_field.values()))
        else:
            back = reverse("desk_unsplitting", args=[access.portal.pk, made.split_from.pk])
            add_toast(request, _("#%(number)s was split off") % {"number": made.number}, undo=back)
            return _go(reverse("desk_ticket", args=[access.portal.pk, made.pk]))
    context = {
        "access": access,
        "ticket": found,
        "messages": Message.objects.filter(ticket=found).order_by("-at", "-id").defer("html", "quoted_html")[:200],
        "chosen": request.POST.getlist("message"),
        "subject": request.POST.get("subject", found.subject),
        "problem": problem,
    }
    return render(request, f"{_HERE}/split.html", context, status=422 if problem else 200)


@require_POST
@desk_page
def unsplitting(request: HttpRequest, access: DeskAccess, ticket_split_id: int) -> HttpResponse:
    split = find_split(access.portal, ticket_split_id)
    for ticket_id in (split.source_id, split.ticket_id):
        find_ticket(access, ticket_id)
    source = unsplit_ticket(split, actor=access.actor)
    address = reverse("desk_ticket", args=[access.portal.pk, source.pk])
    add_toast(request, _("The messages are back in #%(number)s.") % {"number": source.number})
    return _go(address) if is_fragment(request) else redirect(address)


@require_http_methods(["GET", "POST"])
@desk_page
def moving(request: HttpRequest, access: DeskAccess, ticket_id: int) -> HttpResponse:
    """To another department, after saying which fields that one does not show or asks for."""
    access.require("may_update")
    found = find_ticket(access, ticket_id)
    others = [one for one in access.portal.departments.filter(is_enabled=True) if one.pk != found.department_id]
    data = request.GET if request.method == "GET" else request.POST
    target = next((one for one in others if str(one.pk) == data.get("departmentId", "")), None)
    if request.method == "POST":
        return _move(request, access, found, target)
    context = {
        "access": access,
        "ticket": found,
        "departments": others,
        "target": target,
        "fitting": what_does_not_fit(access.portal, found, target) if target else None,
    }
    return render(request, f"{_HERE}/move.html", context)


def _move(request: HttpRequest, access: DeskAccess, ticket: Ticket, target: Department | None) -> HttpResponse:
    if target is None:
        raise NotFound
    before = values_before(access.portal, [ticket.pk], ["departmentId"])
    update_ticket(ticket, values={"departmentId": target.pk}, actor=access.actor)
    back = reverse("desk_tickets_undo", args=[access.portal.pk, token_for_undo(access.actor, before)])
    add_toast(
        request, _("#%(number)s is now with “%(name)s”") % {"number": ticket.number, "name": target.name}, undo=back
    )
    try:
        find_ticket(access, ticket.pk)
    except ProductError:  # out of this person's sight now
        return _go(reverse("desk_tickets", args=[access.portal.pk]))
    return _go(reverse("desk_ticket", args=[access.portal.pk, ticket.pk]))


def _merge_dialog(request: HttpRequest, access: DeskAccess, chosen: list[Ticket], problem: str = "") -> HttpResponse:
    chosen = sorted(chosen, key=lambda one: one.number)
    context: dict[str, Any] = {
        "access": access,
        "lines": [line_of(one) for one in chosen],
        "others": [line_of(one) for one in _of_same_customer(access, chosen)],
        "survivor": request.POST.get("survivor") or (str(chosen[0].pk) if chosen else ""),
        "numbers": request.POST.get("numbers", ""),
        "problem": problem,
    }
    return render(request, f"{_HERE}/merge.html", context, status=422 if problem else 200)


def _of_same_customer(access: DeskAccess, chosen: list[Ticket]) -> list[Ticket]:
    contacts = {one.contact_id for one in chosen if one.contact_id}
    if len(chosen) != 1 or not contacts:
        return []
    rows = visible_tickets(access).filter(contact_id__in=contacts).exclude(pk__in=[one.pk for one in chosen])
    return list(rows.order_by("-last_activity_at", "-id")[:_OFFERED])


def _survivor(chosen: list[Ticket], sent: str) -> Ticket:
    found = next((one for one in chosen if str(one.pk) == sent), None)
    if found is None:
        raise InvalidValues({"survivor": _("Choose the ticket that stays.")})
    return found


def _by_numbers(access: DeskAccess, text: str) -> list[Ticket]:
    """ "#102, 103": each must be there. Raises `InvalidValues`."""
    numbers = {int(number) for number in re.findall(r"\d{1,15}", text)}
    found = list(visible_tickets(access).filter(number__in=numbers))
    if missing := numbers - {one.number for one in found}:
        listed = ", ".join(f"#{number}" for number in sorted(missing))
        raise InvalidValues({"numbers": _("There is no ticket %(numbers)s.") % {"numbers": listed}})
    return found


def _visible(access: DeskAccess, texts: list[str]) -> list[Ticket]:
    ids = ids_in(texts)
    found = list(visible_tickets(access).filter(pk__in=ids[:60]))
    if not found:
        raise NotFound
    return found


def _go(address: str) -> HttpResponse:
    response = HttpResponse(status=204)
    response.headers["HX-Redirect"] = address
    return response
