"""The log of incoming mail for administrators, a mail's original for whoever sees its ticket, and what a ticket asks about its mail."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kakehashi.core.errors import NotFound
from kakehashi.desk.conversations.html import clean_html, text_of_html
from kakehashi.desk.conversations.models import Message
from kakehashi.desk.parsing.mail import Unreadable
from kakehashi.desk.parsing.parser import parse_mail
from kakehashi.desk.portals.access import DeskAccess, desk_page
from kakehashi.desk.portals.frame import settings_page
from kakehashi.desk.portals.workspace import workspace_of
from kakehashi.desk.tickets.queries import find_ticket, visible_tickets
from kakehashi.ui.htmx import is_fragment, with_event, with_toast
from kakehashi.ui.shell.workspace import render_page
from kakehashi.ui.templatetags.ui_lists import Filter

from .actions import decide_again, dismiss, file_by_hand, forget_suggestion, give_to_customer, join_suggested
from .models import IncomingMail, MailState
from .queries import counts_by_state, find_mail, hint_of, incoming_mails
from .taking import raw_of

_HERE = "desk/intake/templates"
_TONES = {
    MailState.RECEIVED: "grey",
    MailState.FILED: "green",
    MailState.QUARANTINED: "red",
    MailState.IGNORED: "grey",
}
_LONGEST_SOURCE = 500_000


@require_GET
@desk_page
def incoming(request: HttpRequest, access: DeskAccess) -> HttpResponse:
    access.require("may_administer")
    text, state = request.GET.get("q", "").strip(), request.GET.get("state", "")
    mails = incoming_mails(access.portal, state=state, text=text)
    context = {
        "access": access,
        "page": Paginator(mails, 50).get_page(request.GET.get("page")),
        "text": text,
        "state": state,
        "filters": _filters(request, access, state),
        "tones": _TONES,
    }
    if is_fragment(request):
        return render(request, f"{_HERE}/incoming_card.html", context)
    return settings_page(request, access, "incoming", f"{_HERE}/incoming.html", context)


@require_GET
@desk_page
def incoming_mail(request: HttpRequest, access: DeskAccess, mail_id: int) -> HttpResponse:
    """One mail, as far as it can be read, and what may be done with it."""
    access.require("may_administer")
    mail = find_mail(access, mail_id)
    context = {**_shown(mail), "tone": _TONES[MailState(mail.state)]}
    return settings_page(request, access, "incoming", f"{_HERE}/incoming_mail.html", context)


@require_GET
@desk_page
def incoming_source(request: HttpRequest, access: DeskAccess, mail_id: int) -> HttpResponse:
    access.require("may_administer")
    return _source(find_mail(access, mail_id))


@require_POST
@desk_page
def incoming_filing(request: HttpRequest, access: DeskAccess, mail_id: int) -> HttpResponse:
    """Into its ticket or a new one, whatever the guards said."""
    mail = file_by_hand(find_mail(access, mail_id), actor=access.actor)
    messages.success(request, _("The mail was filed."))
    if mail.ticket_id:
        return redirect("desk_ticket", access.portal.pk, mail.ticket_id)
    return redirect("desk_incoming_mail", access.portal.pk, mail.pk)


@require_POST
@desk_page
def incoming_retry(request: HttpRequest, access: DeskAccess, mail_id: int) -> HttpResponse:
    mail = decide_again(find_mail(access, mail_id), actor=access.actor)
    return redirect("desk_incoming_mail", access.portal.pk, mail.pk)


@require_POST
@desk_page
def incoming_dismissal(request: HttpRequest, access: DeskAccess, mail_id: int) -> HttpResponse:
    dismiss(find_mail(access, mail_id), actor=access.actor)
    return redirect("desk_incoming_mails", access.portal.pk)


@require_GET
@desk_page
def message_original(request: HttpRequest, access: DeskAccess, message_id: int) -> HttpResponse:
    """Headers and original of a mail in a ticket, for whoever sees the ticket."""
    mail = _of_message(access, message_id)
    context = {**_shown(mail), "access": access, "message": mail.message}
    return render_page(request, f"{_HERE}/original.html", context, workspace=workspace_of(access), active="tickets")


@require_GET
@desk_page
def message_source(request: HttpRequest, access: DeskAccess, message_id: int) -> HttpResponse:
    return _source(_of_message(access, message_id))


@require_GET
@desk_page
def ticket_hint(request: HttpRequest, access: DeskAccess, ticket_id: int) -> HttpResponse:
    """What the ticket's page asks: does this belong to another ticket, is somebody else the customer?"""
    ticket = find_ticket(access, ticket_id)
    context = {"access": access, "ticket": ticket, "hint": hint_of(access, ticket)}
    return render(request, f"{_HERE}/hint.html", context)


@require_POST
@desk_page
def ticket_joining(request: HttpRequest, access: DeskAccess, ticket_id: int) -> HttpResponse:
    """Move everything to the ticket it seems to belong to, and go there."""
    hint = hint_of(access, find_ticket(access, ticket_id))
    if hint is None or hint.suggested is None:
        raise NotFound
    target = join_suggested(hint.mail, actor=access.actor)
    answer = HttpResponse(status=204)
    answer["HX-Redirect"] = reverse("desk_ticket", args=[access.portal.pk, target.pk])
    return answer


@require_POST
@desk_page
def ticket_attribution(request: HttpRequest, access: DeskAccess, ticket_id: int) -> HttpResponse:
    """Yes, the forwarded mail is that customer's."""
    hint = hint_of(access, find_ticket(access, ticket_id))
    if hint is None or not hint.original_sender:
        raise NotFound
    give_to_customer(hint.mail, actor=access.actor)
    answer = with_event(with_event(HttpResponse(status=200), "ticket-changed"), "composer-changed")
    return with_toast(answer, _("The ticket now belongs to the customer."))


@require_POST
@desk_page
def ticket_hint_deletion(request: HttpRequest, access: DeskAccess, ticket_id: int) -> HttpResponse:
    """No, it is as it is."""
    forget_suggestion(find_ticket(access, ticket_id), actor=access.actor)
    return HttpResponse(status=200)


def _shown(mail: IncomingMail) -> dict[str, Any]:
    if not mail.digest:
        return {"mail": mail}
    parsed = parse_mail(raw_of(mail))
    if isinstance(parsed, Unreadable):
        return {"mail": mail}
    return {
        "mail": mail,
        "headers": list(parsed.headers.items()),
        "files": [(file.name, len(file.content)) for file in parsed.files],
        "text": parsed.text or _plain(parsed.html),
    }


def _plain(html: str) -> str:
    return text_of_html(clean_html(html))


def _source(mail: IncomingMail) -> HttpResponse:
    """The bytes as plain text: nothing in them can act."""
    raw = raw_of(mail)[:_LONGEST_SOURCE]
    answer = HttpResponse(raw.decode("utf-8", "replace"), content_type="text/plain; charset=utf-8")
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


def _of_message(access: DeskAccess, message_id: int) -> IncomingMail:
    mails = IncomingMail.objects.filter(portal=access.portal, message_id=message_id).defer("search")
    mail = mails.exclude(reason__in=["bounce", "delay"]).select_related("message").first()
    if mail is None or not isinstance(mail.message, Message):
        raise NotFound
    if not visible_tickets(access).filter(pk=mail.message.ticket_id).exists():
        raise NotFound
    return mail


def _filters(request: HttpRequest, access: DeskAccess, chosen: str) -> list[Filter]:
    counts = counts_by_state(access.portal)
    here = reverse("desk_incoming_mails", args=[access.portal.pk])
    pills = [Filter(_("All"), here, sum(counts.values()), is_current=chosen not in MailState.values)]
    return pills + [
        Filter(
            state.label,
            f"{here}?state={state.value}",
            counts.get(state.value, 0),
            is_current=chosen == state,
            is_late=state == MailState.QUARANTINED,
        )
        for state in MailState
    ]
