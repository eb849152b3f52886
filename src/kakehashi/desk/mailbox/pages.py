"""The development outbox: what would have been mailed, while no mail server is configured."""

import base64
from email.message import EmailMessage

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_http_methods

from kakehashi.core.errors import NotFound
from kakehashi.core.ids import is_id
from kakehashi.identity.people.models import Person

from .models import OutboxMail
from .outbox import OUTBOX, parsed, visible_mails
from .writing import CustomerMailForm, send_as_customer, values_of_answer

_HERE = "desk/mailbox/templates"


@require_GET
@login_required
def outbox(request: HttpRequest) -> HttpResponse:
    page = Paginator(visible_mails(_reader(request), is_demo=_is_demo()), 50).get_page(request.GET.get("page"))
    return render(request, "desk/mailbox/templates/outbox.html", {"page": page, "is_demo": _is_demo()})


@require_GET
@login_required
def outbox_mail(request: HttpRequest, mail_id: int) -> HttpResponse:
    mail = _find(request, mail_id)
    message = parsed(mail)
    context = {
        "mail": mail,
        "may_answer": _is_demo() and mail.portal_id is not None,
        "headers": [(name, str(value)) for name, value in message.items()],
        "text": _body(message, "plain"),
        "has_html": bool(_body(message, "html")),
        "files": [(part.get_filename() or "", len(part.get_payload(decode=True) or b"")) for part in _files(message)],
    }
    return render(request, "desk/mailbox/templates/outbox_mail.html", context)


@require_GET
@login_required
@xframe_options_sameorigin
def outbox_html(request: HttpRequest, mail_id: int) -> HttpResponse:
    """The mail's HTML for a frame that runs no scripts and reaches nothing."""
    message = parsed(_find(request, mail_id))
    response = HttpResponse(_with_images(_body(message, "html"), message))
    response["Content-Security-Policy"] = (
        "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"
    )
    return response


@require_http_methods(["GET", "POST"])
@login_required
def write_as_customer(request: HttpRequest) -> HttpResponse:
    """A form that drops a mail into the intake, as a customer's server would. Only where one tries things out."""
    reader = _reader(request)
    if not _is_demo():
        raise NotFound
    number = request.POST.get("answers") or request.GET.get("answers") or ""
    answered, values = values_of_answer(_find(request, int(number))) if is_id(number) else (None, {})
    form = CustomerMailForm(reader.pk, request.POST or None, request.FILES or None, answered=answered, initial=values)
    if request.method == "POST" and form.is_valid():
        send_as_customer(form, answered)
        messages.success(request, _("The mail is on its way into the portal. In a moment it is a ticket."))
        return redirect("dev_outbox")
    context = {"form": form, "answered": answered}
    return render(request, f"{_HERE}/write.html", context, status=422 if form.errors else 200)


def _find(request: HttpRequest, mail_id: int) -> OutboxMail:
    mail = visible_mails(_reader(request), is_demo=_is_demo()).filter(pk=mail_id).first()
    if mail is None:
        raise NotFound
    return mail


def _reader(request: HttpRequest) -> Person:
    """Nobody looks into an outbox that is not in use: with a mail server there is no such page."""
    if settings.EMAIL_BACKEND != OUTBOX or not isinstance(request.user, Person):
        raise NotFound
    return request.user


def _is_demo() -> bool:
    return bool(settings.DEMO or settings.DEBUG)


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()) if part is not None else ""


def _with_images(html: str, message: EmailMessage) -> str:
    """The images that the mail carries along, put into its text."""
    for part in message.walk():
        content_id = str(part["Content-ID"] or "").strip("<>")
        if content_id and part.get_content_maintype() == "image":
            content = base64.b64encode(part.get_content()).decode()
            html = html.replace(f"cid:{content_id}", f"data:{part.get_content_type()};base64,{content}")
    return html


def _files(message: EmailMessage) -> list[EmailMessage]:
    return [part for part in message.walk() if part.get_filename()]
