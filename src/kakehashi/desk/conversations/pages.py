"""Answering and commenting on a ticket's page, drafts, and the files of a ticket."""

from dataclasses import asdict

from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kakehashi.core.attachments.serving import attachment_response
from kakehashi.core.errors import InvalidValues, NotFound, ProductError, sentence_of
from kakehashi.core.models import Attachment
from kakehashi.desk.portals.access import DeskAccess, desk_page
from kakehashi.desk.tickets.models import Ticket
from kakehashi.desk.tickets.queries import find_ticket, visible_tickets
from kakehashi.ui.conversation import ComposerUrls, EventLine
from kakehashi.ui.conversation import Message as Shown
from kakehashi.ui.htmx import with_event, with_toast
from kakehashi.ui.remote_images import lets_images_in, load_anew, url_of_part
from kakehashi.ui.uploads import answer_upload

from .actions import SomebodyWrote
from .after_sending import send_again, show_remote_images
from .composing import Writing, composer_of
from .drafts import save_draft
from .forms import new_file, written_in
from .models import Message, TicketAttachment
from .suggesting import links_to_tickets, suggest
from .timeline import MessageUrls, conversation_of
from .uploads import UrlOf, store_upload
from .written import comment_written, send_written, take_back


@require_GET
@desk_page
def conversation(request: HttpRequest, access: DeskAccess, ticket_id: int) -> HttpResponse:
    """The messages alone: what a live page fetches when something was said."""
    found = find_ticket(access, ticket_id)
    items = conversation_for(access, found, lets_images_in=lets_images_in(request))
    context = {"access": access, "ticket": found, "items": items}
    return render(request, "desk/conversations/templates/messages.html", context)


@require_POST
@desk_page
def replies(request: HttpRequest, access: DeskAccess, ticket_id: int) -> HttpResponse:
    """Send an answer, an answer to all, or a forward. It is held for a few seconds so that it can be taken back."""
    ticket = find_ticket(access, ticket_id)
    written = written_in(request, access.portal, access.actor)
    try:
        message = send_written(ticket, written, actor=access.actor)
    except (InvalidValues, SomebodyWrote) as refused:
        save_draft(ticket, written, actor=access.actor)
        return _composer(request, access, ticket, refused)
    is_held = access.portal.send_hold_seconds > 0
    undo = reverse("desk_message_withdrawal", args=[access.portal.pk, message.pk]) if is_held else ""
    answer = with_event(_composer(request, access, ticket), "ticket-changed")
    return with_toast(answer, _("The mail is on its way."), undo=undo)


@require_POST
@desk_page
def comments(request: HttpRequest, access: DeskAccess, ticket_id: int) -> HttpResponse:
    ticket = find_ticket(access, ticket_id)
    written = written_in(request, access.portal, access.actor, mode="comment")
    try:
        comment_written(ticket, written, actor=access.actor)
    except InvalidValues as invalid:
        save_draft(ticket, written, actor=access.actor)
        return _composer(request, access, ticket, invalid)
    answer = with_event(_composer(request, access, ticket), "ticket-changed")
    return with_toast(answer, _("The comment was added."))


@require_GET
@desk_page
def suggestions(request: HttpRequest, access: DeskAccess, ticket_id: int) -> JsonResponse:
    """What may follow "/", "@" and "#", and whom a mail may go to."""
    ticket = find_ticket(access, ticket_id)
    writing = Writing(ticket, access.rights, access.actor)
    found = suggest(writing, access, request.GET.get("kind", ""), request.GET.get("q", "")[:100])
    return JsonResponse([asdict(one) for one in found], safe=False)


@require_GET
@desk_page
def composer(request: HttpRequest, access: DeskAccess, ticket_id: int) -> HttpResponse:
    return _composer(request, access, find_ticket(access, ticket_id))


@require_POST
@desk_page
def draft(request: HttpRequest, access: DeskAccess, ticket_id: int) -> HttpResponse:
    """Keep what is being typed; asked for by the page itself a moment after each change."""
    ticket = find_ticket(access, ticket_id)
    written = written_in(request, access.portal, access.actor)
    kept = save_draft(ticket, written, actor=access.actor)
    return HttpResponse(_("Draft saved") if kept else "", content_type="text/plain; charset=utf-8")


@require_POST
@desk_page
def withdrawal(request: HttpRequest, access: DeskAccess, message_id: int) -> HttpResponse:
    """Take a held mail back; its text becomes the draft again, so that nothing typed is lost."""
    if not take_back(_find_message(access, message_id), actor=access.actor):
        return with_toast(HttpResponse(status=204), _("It is too late: the mail has left already."))
    answer = with_event(HttpResponse(status=204), "ticket-changed")
    return with_toast(with_event(answer, "composer-changed"), _("The mail was not sent. Its text is in the composer."))


@require_POST
@desk_page
def sending(request: HttpRequest, access: DeskAccess, message_id: int) -> HttpResponse:
    """Try a failed mail once more."""
    message = send_again(_find_message(access, message_id), actor=access.actor)
    lets_in = lets_images_in(request)
    context = {
        "access": access,
        "ticket": message.ticket,
        "items": conversation_for(access, message.ticket, lets_images_in=lets_in),
        "with_images": lets_in,
    }
    answer = render(request, "desk/conversations/templates/conversation.html", context)
    return with_event(answer, "ticket-changed")


@require_POST
@desk_page
def remote_images(request: HttpRequest, access: DeskAccess, message_id: int) -> HttpResponse:
    """Show a mail's remote images, now and later. The page is loaded anew: only then its policy lets them in."""
    show_remote_images(_find_message(access, message_id), actor=access.actor)
    return load_anew()


@require_POST
@desk_page
def uploads(request: HttpRequest, access: DeskAccess) -> HttpResponse:
    """Take a file in before the text is sent that shows it or that it lies with."""
    access.require("may_comment")

    def url_of(number: int) -> str:
        return reverse("desk_upload", args=[access.portal.pk, number])

    return answer_upload(request, lambda file: store_upload(access.portal, new_file(file), access.actor), url_of)


@require_GET
@desk_page
def upload(request: HttpRequest, access: DeskAccess, attachment_id: int) -> FileResponse:
    """A file that this person put in and has not sent yet."""
    own = Attachment.objects.filter(tenant=access.portal.tenant, added_by_id=access.person.pk, pk=attachment_id).first()
    if own is None:
        raise NotFound
    return attachment_response(own)


@require_GET
@desk_page
def attachment(request: HttpRequest, access: DeskAccess, ticket_id: int, attachment_id: int) -> FileResponse:
    ticket = find_ticket(access, ticket_id)
    link = TicketAttachment.objects.filter(ticket=ticket, attachment_id=attachment_id).select_related("attachment")
    if (found := link.first()) is None:
        raise NotFound
    return attachment_response(found.attachment)


def url_of_files(access: DeskAccess, ticket: Ticket) -> UrlOf:
    return lambda number: reverse("desk_attachment", args=[access.portal.pk, ticket.pk, number])


def conversation_for(access: DeskAccess, ticket: Ticket, *, lets_images_in: bool) -> list[Shown | EventLine]:
    """What `{% conversation %}` shows on a ticket's page."""

    def url_of(name: str) -> UrlOf:
        return lambda number: reverse(name, args=[access.portal.pk, number])

    def retry(number: int) -> str:
        return url_of_part(url_of("desk_message_sending")(number), lets_images_in=lets_images_in)

    urls = MessageUrls(
        retry=retry if access.rights.may_reply else None,
        images=url_of("desk_message_images"),
        original=url_of("desk_message_original"),
        tickets=lambda numbers: links_to_tickets(access, numbers),
        lets_images_in=lets_images_in,
    )
    return conversation_of(ticket, url_of_files(access, ticket), urls=urls)


def composer_for(access: DeskAccess, ticket: Ticket, error: str = "") -> object:
    """What `{% composer %}` shows on a ticket's page."""
    here = [access.portal.pk, ticket.pk]
    urls = ComposerUrls(
        mail=reverse("desk_replies", args=here),
        comment=reverse("desk_comments", args=here),
        draft=reverse("desk_draft", args=here),
        upload=reverse("desk_uploads", args=[access.portal.pk]),
        suggestions=reverse("desk_suggestions", args=here),
    )

    def url_of(number: int) -> str:
        return reverse("desk_upload", args=[access.portal.pk, number])

    writing = Writing(ticket, access.rights, access.actor)
    return composer_of(writing, urls, url_of, target="#composer", error=error)


def _composer(
    request: HttpRequest, access: DeskAccess, ticket: Ticket, refused: ProductError | None = None
) -> HttpResponse:
    """After sending: an empty composer. After a refusal (422): nothing typed is lost, and the sentence stands above it."""
    composer = composer_for(access, ticket, sentence_of(refused) if refused else "")
    context = {"access": access, "ticket": ticket, "composer": composer}
    return render(request, "desk/conversations/templates/composer.html", context, status=422 if refused else 200)


def _find_message(access: DeskAccess, message_id: int) -> Message:
    message = get_object_or_404(Message.objects.select_related("ticket", "portal"), portal=access.portal, pk=message_id)
    if not visible_tickets(access).filter(pk=message.ticket_id).exists():
        raise NotFound
    return message
