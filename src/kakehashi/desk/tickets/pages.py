"""A ticket's page: conversation in the middle, properties at the right, and what can be done to the one ticket."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kakehashi.core.errors import InvalidValues, Text
from kakehashi.desk.conversations.after_sending import shows_remote_images
from kakehashi.desk.conversations.pages import composer_for, conversation_for
from kakehashi.desk.deadlines.showing import deadline_notes
from kakehashi.desk.escalation.showing import coming_of
from kakehashi.desk.followers.showing import following_of
from kakehashi.desk.intake.queries import hint_of
from kakehashi.desk.portals.access import DeskAccess, desk_page
from kakehashi.desk.portals.workspace import workspace_of
from kakehashi.desk.targets.queries import promises_of
from kakehashi.desk.ticket_merging.actions import survivor_of
from kakehashi.desk.ticket_merging.queries import split_of
from kakehashi.desk.ticket_tags.queries import tag_names, tags_of
from kakehashi.ui.htmx import is_fragment, with_event, with_toast
from kakehashi.ui.remote_images import letting_images_in
from kakehashi.ui.shell.workspace import render_page
from kakehashi.ui.toasts import add_toast

from .actions import close_ticket, delete_ticket, mark_as_spam
from .models import Ticket
from .properties import properties_of, sent_values
from .queries import customer_tickets, find_ticket
from .rows import line_of
from .slots import TICKET_PANELS
from .undo import change_with_way_back, token_for_undo, values_before


@require_GET
@desk_page
def ticket(request: HttpRequest, access: DeskAccess, ticket_id: int) -> HttpResponse:
    found = find_ticket(access, ticket_id)
    if found.merged_into_id:
        add_toast(request, _("#%(number)s lives on in this ticket.") % {"number": found.number})
        return redirect("desk_ticket", access.portal.pk, survivor_of(found).pk)
    with_images = shows_remote_images(found)
    context = {
        **_context(request, access, found),
        "items": conversation_for(access, found, lets_images_in=with_images),
        "with_images": with_images,
        "composer": composer_for(access, found) if found.deleted_at is None else None,
        "hint": hint_of(access, found) if found.deleted_at is None else None,
    }
    answer = render_page(
        request, "desk/tickets/templates/ticket.html", context, workspace=workspace_of(access), active="tickets"
    )
    return letting_images_in(answer) if with_images else answer


@require_http_methods(["GET", "POST"])
@desk_page
def properties(request: HttpRequest, access: DeskAccess, ticket_id: int) -> HttpResponse:
    """The right column; a post changes the fields it names and answers the column as it stands then."""
    found = find_ticket(access, ticket_id)
    problems: dict[str, Text] = {}
    token = ""
    if request.method == "POST":
        try:
            token = change_with_way_back(found, values=sent_values(access, found, request.POST), actor=access.actor)
        except InvalidValues as invalid:
            problems = invalid.by_field
        found = find_ticket(access, ticket_id)
    context = _context(request, access, found, problems)
    answer = render(request, "desk/tickets/templates/properties.html", context, status=422 if problems else 200)
    if request.method == "GET" or problems:
        return answer
    answer = with_event(answer, "ticket-changed")
    if not token:
        return answer
    return with_toast(answer, _("Saved"), undo=reverse("desk_tickets_undo", args=[access.portal.pk, token]))


@require_GET
@desk_page
def head(request: HttpRequest, access: DeskAccess, ticket_id: int) -> HttpResponse:
    """Number, subject, state and deadline above the conversation."""
    context = _context(request, access, find_ticket(access, ticket_id))
    return render(request, "desk/tickets/templates/head.html", context)


@require_POST
@desk_page
def ticket_closure(request: HttpRequest, access: DeskAccess, ticket_id: int) -> HttpResponse:
    found = find_ticket(access, ticket_id)
    before = values_before(access.portal, [found.pk], ["status"])
    close_ticket(found, actor=access.actor)
    undo = reverse("desk_tickets_undo", args=[access.portal.pk, token_for_undo(access.actor, before)])
    return with_toast(with_event(HttpResponse(status=204), "ticket-changed"), _("Ticket closed"), undo=undo)


@require_POST
@desk_page
def ticket_deletion(request: HttpRequest, access: DeskAccess, ticket_id: int) -> HttpResponse:
    """Into the recycle bin, and back to the list."""
    found = find_ticket(access, ticket_id)
    delete_ticket(found, actor=access.actor)
    restore = f"{reverse('desk_tickets_restoration', args=[access.portal.pk])}?selected={found.pk}"
    if is_fragment(request):
        return with_toast(with_event(HttpResponse(status=204), "ticket-changed"), _("Ticket deleted"), undo=restore)
    return redirect("desk_tickets", access.portal.pk)


@require_POST
@desk_page
def ticket_spam(request: HttpRequest, access: DeskAccess, ticket_id: int) -> HttpResponse:
    """Into the recycle bin as spam."""
    found = find_ticket(access, ticket_id)
    mark_as_spam(access.portal, ticket_ids=[found.pk], actor=access.actor)
    restore = f"{reverse('desk_tickets_restoration', args=[access.portal.pk])}?selected={found.pk}"
    return with_toast(with_event(HttpResponse(status=204), "ticket-changed"), _("Marked as spam"), undo=restore)


def _context(
    request: HttpRequest, access: DeskAccess, ticket: Ticket, problems: dict[str, Text] | None = None
) -> dict[str, Any]:
    others, promises = _other_tickets(access, ticket), promises_of(access.portal)
    return {
        "access": access,
        "ticket": ticket,
        "line": line_of(ticket),
        "properties": properties_of(access, ticket, problems or {}),
        "deadlines": deadline_notes(ticket, promises),
        "coming": coming_of(ticket, promises.hours),
        "others": others,
        "tags": tags_of(ticket),
        "following": following_of(access, ticket),
        "known": tag_names(access.portal),
        "split_from": split_of(ticket),
        "panels": [
            (panel, panel.render(request, access, ticket)) for panel in TICKET_PANELS if panel.shows(access, ticket)
        ],
    }


def _other_tickets(access: DeskAccess, ticket: Ticket) -> list[Any]:
    """The latest of the same customer."""
    contacts = [ticket.contact_id] if ticket.contact_id else []
    accounts = [ticket.account_id] if ticket.account_id else []
    departments = None if access.department_ids is None else sorted(access.department_ids)
    found = customer_tickets(
        access.portal, contact_ids=contacts, account_ids=accounts, limit=6, department_ids=departments
    )
    return [line_of(other) for other in found.rows if other.pk != ticket.pk][:5]
