"""Replies, forwards and comments from a ticket's sheet. What was typed comes back when something is wrong with it."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kakehashi.bridge.sides.front import Visit
from kakehashi.bridge.sides.tickets import Upload, Written
from kakehashi.bridge.visits import org_page
from kakehashi.core.attachments.serving import attachment_response
from kakehashi.core.errors import ProductError, Text, sentence_of
from kakehashi.core.ids import id_in, ids_in
from kakehashi.ui.htmx import is_fragment, with_event, with_toast
from kakehashi.ui.remote_images import lets_images_in
from kakehashi.ui.toasts import add_toast
from kakehashi.ui.uploads import answer_upload

from .access import RecordTickets, tickets_of
from .card import TEMPLATES
from .sheet import composer_of, conversation_of, own_ticket, part_context, sheet_url

_KEPT_AS_DRAFT = {409, 422}  # see the seam: `DeskSide.send_mail`


@require_GET
@org_page
def composer(request: HttpRequest, visit: Visit, module: str, record_id: int, ticket_id: int) -> HttpResponse:
    """The place to write again: something was taken back into it."""
    return _composer(request, own_ticket(visit, module, record_id, ticket_id), ticket_id)


@require_POST
@org_page
def replies(request: HttpRequest, visit: Visit, module: str, record_id: int, ticket_id: int) -> HttpResponseBase:
    """A reply, a reply to all or a forward. It is held for a few seconds so that it can be taken back."""
    tickets = own_ticket(visit, module, record_id, ticket_id)
    written = _written(request, "reply")
    undo = ""

    def send() -> None:
        nonlocal undo
        sent = tickets.desk.send_mail(ticket_id, written, tickets.actor)
        undo = reverse("record_ticket_withdrawal", args=[*tickets.address, ticket_id, sent.id]) if sent.is_held else ""

    return _write(request, tickets, ticket_id, send, lambda: (_("The mail is on its way."), undo))


@require_POST
@org_page
def comments(request: HttpRequest, visit: Visit, module: str, record_id: int, ticket_id: int) -> HttpResponseBase:
    tickets = own_ticket(visit, module, record_id, ticket_id)
    written = _written(request, "comment")

    def add() -> None:
        tickets.desk.comment(ticket_id, written, visit.actor)

    return _write(request, tickets, ticket_id, add, lambda: (_("Comment added"), ""))


@require_POST
@org_page
def draft(request: HttpRequest, visit: Visit, module: str, record_id: int, ticket_id: int) -> HttpResponse:
    """Keep what is being typed; asked for by the page itself a moment after each change."""
    tickets = own_ticket(visit, module, record_id, ticket_id)
    kept = tickets.desk.save_draft(ticket_id, _written(request, "reply"), visit.actor)
    return HttpResponse(_("Draft saved") if kept else "", content_type="text/plain; charset=utf-8")


@require_GET
@org_page
def suggestions(request: HttpRequest, visit: Visit, module: str, record_id: int, ticket_id: int) -> JsonResponse:
    """What may follow "/", "@" and "#", and whom a mail may go to."""
    tickets = own_ticket(visit, module, record_id, ticket_id)
    text = request.GET.get("q", "")[:100]
    found = tickets.desk.suggest(ticket_id, request.GET.get("kind", ""), text, visit.actor)
    return JsonResponse([asdict(one) for one in found], safe=False)


@require_POST
@org_page
def withdrawal(
    request: HttpRequest, visit: Visit, module: str, record_id: int, ticket_id: int, message_id: int
) -> HttpResponse:
    """Take a held mail back; its text stands in the composer again."""
    tickets = own_ticket(visit, module, record_id, ticket_id)
    if not tickets.desk.take_back(ticket_id, message_id, visit.actor):
        return with_toast(HttpResponse(status=204), _("It is too late: the mail has left already."))
    answer = with_event(with_event(HttpResponse(status=204), "ticket-changed"), "composer-changed")
    return with_toast(answer, _("The mail was not sent. Its text is in the composer."))


@require_POST
@org_page
def sending(
    request: HttpRequest, visit: Visit, module: str, record_id: int, ticket_id: int, message_id: int
) -> HttpResponse:
    """Try a mail again that failed or came back."""
    tickets = own_ticket(visit, module, record_id, ticket_id)
    tickets.desk.send_again(ticket_id, message_id, visit.actor)
    lets_in = lets_images_in(request)
    talk = conversation_of(tickets, ticket_id, lets_images_in=lets_in)
    context = {**part_context(tickets, ticket_id), "talk": talk, "with_images": lets_in}
    return with_event(render(request, f"{TEMPLATES}/conversation.html", context), "ticket-changed")


@require_POST
@org_page
def uploads(request: HttpRequest, visit: Visit, module: str, record_id: int) -> HttpResponse:
    """Take a file in ahead of the text that it goes with."""
    tickets = tickets_of(visit.org_id, module, record_id, visit.actor)

    def url_of(number: int) -> str:
        return reverse("record_tickets_upload", args=[*tickets.address, number])

    return answer_upload(request, lambda file: tickets.desk.keep_upload(_upload(file), visit.actor), url_of)


@require_GET
@org_page
def upload(request: HttpRequest, visit: Visit, module: str, record_id: int, attachment_id: int) -> HttpResponseBase:
    """A file that this person sent ahead."""
    tickets = tickets_of(visit.org_id, module, record_id, visit.actor)
    return attachment_response(tickets.desk.read_upload(attachment_id, visit.actor))


def uploads_of(request: HttpRequest, field: str = "files") -> tuple[Upload, ...]:
    return tuple(_upload(file) for file in request.FILES.getlist(field) if isinstance(file, UploadedFile))


def _upload(file: UploadedFile[Any]) -> Upload:
    return Upload(file.name or "attachment", file.content_type or "application/octet-stream", file.read())


def _written(request: HttpRequest, mode: str) -> Written:
    """`mode` is what counts where none was sent."""
    form = request.POST
    return Written(
        mode=form.get("mode", mode),
        html=form.get("html", ""),
        to=tuple(form.getlist("to")),
        cc=tuple(form.getlist("cc")),
        bcc=tuple(form.getlist("bcc")),
        uploads=uploads_of(request),
        kept=tuple(ids_in(form.getlist("uploads"))),
        seen=id_in(form.get("seen")),
        key=form.get("key", ""),
    )


def _write(
    request: HttpRequest,
    tickets: RecordTickets,
    ticket_id: int,
    write: Callable[[], None],
    said: Callable[[], tuple[Text, str]],
) -> HttpResponseBase:
    """`said` answers what to say afterwards and where it can be undone, "" for nowhere."""
    try:
        write()
    except ProductError as refused:
        if refused.status not in _KEPT_AS_DRAFT:
            raise  # what was typed stands in the page, which shows the reason beside it
        return _composer(request, tickets, ticket_id, refused)
    text, undo = said()
    if not is_fragment(request):
        add_toast(request, text)
        return redirect(sheet_url(tickets, ticket_id))
    return with_toast(with_event(_composer(request, tickets, ticket_id), "ticket-changed"), text, undo=undo)


def _composer(
    request: HttpRequest, tickets: RecordTickets, ticket_id: int, refused: ProductError | None = None
) -> HttpResponse:
    """After a refusal what was typed is a draft by now and stands in it, with the reason above."""
    error = sentence_of(refused) if refused else ""
    context = {
        **part_context(tickets, ticket_id),
        "composer_shown": composer_of(tickets, ticket_id, error=error),
    }
    return render(request, f"{TEMPLATES}/composer.html", context, status=422 if refused else 200)
