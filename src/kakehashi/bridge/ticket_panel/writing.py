"""Replies, forwards and comments from a ticket's sheet. What was typed comes back when something is wrong with it."""

from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kakehashi.bridge.sides.front import Visit
from kakehashi.bridge.sides.tickets import CommentDraft, MailDraft, Upload
from kakehashi.bridge.visits import org_page
from kakehashi.core.errors import InvalidValues, ProductError, Text
from kakehashi.ui.htmx import is_fragment, with_event, with_toast
from kakehashi.ui.toasts import add_toast

from .access import RecordTickets
from .card import TEMPLATES
from .pages import own_ticket, sheet_url, ticket_context


@require_POST
@org_page
def replies(request: HttpRequest, visit: Visit, module: str, record_id: int, ticket_id: int) -> HttpResponse:
    tickets = own_ticket(visit, module, record_id, ticket_id)
    return _send(request, tickets, ticket_id, is_forward=False)


@require_POST
@org_page
def forwards(request: HttpRequest, visit: Visit, module: str, record_id: int, ticket_id: int) -> HttpResponse:
    tickets = own_ticket(visit, module, record_id, ticket_id)
    return _send(request, tickets, ticket_id, is_forward=True)


@require_POST
@org_page
def comments(request: HttpRequest, visit: Visit, module: str, record_id: int, ticket_id: int) -> HttpResponse:
    """Internal, always: a comment from the CRM is for colleagues."""
    tickets = own_ticket(visit, module, record_id, ticket_id)
    draft = CommentDraft(request.POST.get("html", ""), uploads=uploads_of(request))
    return _write(
        request, tickets, ticket_id, _("Comment added"), lambda: tickets.desk.comment(ticket_id, draft, visit.actor)
    )


def uploads_of(request: HttpRequest, field: str = "files") -> tuple[Upload, ...]:
    return tuple(_upload(file) for file in request.FILES.getlist(field) if isinstance(file, UploadedFile))


def _upload(file: UploadedFile[Any]) -> Upload:
    return Upload(file.name or "attachment", file.content_type or "application/octet-stream", file.read())


def _send(request: HttpRequest, tickets: RecordTickets, ticket_id: int, *, is_forward: bool) -> HttpResponse:
    draft = MailDraft(
        html=request.POST.get("html", ""),
        to=tuple(request.POST.getlist("to")),
        cc=tuple(request.POST.getlist("cc")),
        bcc=tuple(request.POST.getlist("bcc")),
        is_forward=is_forward,
        uploads=uploads_of(request),
    )
    said = _("Forwarded") if is_forward else _("Reply sent")
    return _write(request, tickets, ticket_id, said, lambda: tickets.desk.send_mail(ticket_id, draft, tickets.actor))


def _write(
    request: HttpRequest, tickets: RecordTickets, ticket_id: int, said: Text, write: Callable[[], None]
) -> HttpResponse:
    try:
        write()
    except ProductError as refused:
        return _with_what_was_typed(request, tickets, ticket_id, refused)
    if not is_fragment(request):
        add_toast(request, said)
        return redirect(sheet_url(tickets, ticket_id))
    page = render(request, f"{TEMPLATES}/talk.html", ticket_context(tickets, ticket_id))
    return with_toast(with_event(page, "ticket-changed"), said)


def _with_what_was_typed(
    request: HttpRequest, tickets: RecordTickets, ticket_id: int, refused: ProductError
) -> HttpResponse:
    sentences = refused.by_field.values() if isinstance(refused, InvalidValues) else [refused.message]
    context = ticket_context(
        tickets,
        ticket_id,
        draft_html=request.POST.get("html", ""),
        error=" ".join(str(one) for one in sentences),
        mode=request.POST.get("mode", ""),
    )
    status = refused.status if refused.status in {403, 413, 415} and not is_fragment(request) else 422
    return render(request, f"{TEMPLATES}/talk.html", context, status=status)
