"""A ticket in its sheet: what stands in it, and the page that it opens over."""

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse

from kakehashi.bridge.deal_links.sheet import deals_context
from kakehashi.bridge.sides.directory import front
from kakehashi.bridge.sides.front import Visit
from kakehashi.bridge.sides.tickets import TicketDetail
from kakehashi.core.errors import Text
from kakehashi.ui.conversation import Composer, ComposerUrls, Conversation
from kakehashi.ui.htmx import is_fragment
from kakehashi.ui.remote_images import url_of_part

from .access import RecordTickets, tickets_of
from .card import TEMPLATES
from .showing import deadline_of, tone_of


def own_ticket(visit: Visit, module: str, record_id: int, ticket_id: int) -> RecordTickets:
    """Raises `NotFound` unless the person sees the record and the ticket is its customer's."""
    tickets = tickets_of(visit.org_id, module, record_id, visit.actor)
    tickets.require_own([ticket_id])
    return tickets


def sheet_context(tickets: RecordTickets, ticket_id: int) -> dict[str, Any]:
    """All of it."""
    detail = tickets.desk.read_ticket(ticket_id, tickets.actor)
    return {
        **head_context(tickets, detail),
        "talk": conversation_of(tickets, ticket_id, lets_images_in=detail.shows_images),
        "with_images": detail.shows_images,
        "composer_shown": composer_of(tickets, ticket_id),
        "properties": tickets.desk.properties(ticket_id, tickets.actor),
        **deals_context(tickets, ticket_id),
        "presence_found": tickets.desk.presence(ticket_id, tickets.actor),
    }


def head_context(tickets: RecordTickets, detail: TicketDetail) -> dict[str, Any]:
    words, state = deadline_of(detail.row.due_at, detail.row.closed_at)
    return {
        **part_context(tickets, detail.row.id),
        "rights": detail.rights,
        "detail": detail,
        "row": detail.row,
        "tone": tone_of(detail.row),
        "deadline_words": words,
        "deadline_state": state,
    }


def part_context(tickets: RecordTickets, ticket_id: int) -> dict[str, Any]:
    """What every part of the sheet needs, to ask for itself again."""
    return {
        "tickets": tickets,
        "rights": tickets.rights,
        "ticket_id": ticket_id,
        "ticket_args": [*tickets.address, ticket_id],
        "record_url": tickets.crm_url,
    }


def conversation_of(
    tickets: RecordTickets, ticket_id: int, *, lets_images_in: bool, since: str = "", before: str = ""
) -> Conversation:
    address = [*tickets.address, ticket_id]
    return tickets.desk.conversation(
        ticket_id,
        tickets.actor,
        url_of=lambda number: reverse("record_ticket_attachment", args=[*address, number]),
        retry_url=lambda number: url_of_part(
            reverse("record_ticket_sending", args=[*address, number]), lets_images_in=lets_images_in
        ),
        images_url=lambda number: reverse("record_ticket_images", args=[*address, number]),
        lets_images_in=lets_images_in,
        since=since,
        before=before,
    )


def composer_of(tickets: RecordTickets, ticket_id: int, *, error: Text = "") -> Composer | None:
    """What this person may write; None where they may not write at all. It is the Desk's own composer."""
    address = [*tickets.address, ticket_id]
    urls = ComposerUrls(
        mail=reverse("record_ticket_replies", args=address),
        comment=reverse("record_ticket_comments", args=address),
        draft=reverse("record_ticket_draft", args=address),
        upload=reverse("record_tickets_uploads", args=tickets.address),
        suggestions=reverse("record_ticket_suggestions", args=address),
    )

    def url_of(number: int) -> str:
        return reverse("record_tickets_upload", args=[*tickets.address, number])

    return tickets.desk.composer(ticket_id, tickets.actor, urls, url_of, target="#ticket-composer", error=error)


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
