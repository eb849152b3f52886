"""What went wrong, as a page in the shell, or as one plain sentence where htmx asked."""

import logging
import secrets
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from kakehashi.core.errors import Text
from kakehashi.ui.shell.workspace import frame_around, workspace_around

log = logging.getLogger("kakehashi.errors")
TEMPLATE = "ui/errors/templates/fault.html"


@dataclass(frozen=True, slots=True)
class Fault:
    """`sentence` says what happened, `advice` what to do or who can; `reference` is also in the log."""

    status: int
    title: Text
    sentence: Text
    advice: Text = ""
    reference: str = ""


def answer(request: HttpRequest, fault: Fault) -> HttpResponse:
    """A page that keeps the shell; for htmx a sentence that the page shows beside what was pressed."""
    if request.headers.get("HX-Request"):
        told = " ".join(str(part) for part in (fault.sentence, fault.advice, fault.reference) if part)
        return HttpResponse(told, status=fault.status, content_type="text/plain; charset=utf-8")
    if not hasattr(request, "user"):  # refused before anybody asked who sent it: a foreign host
        return bare(fault)
    workspace = workspace_around(request)
    frame = {
        "fault": fault,
        "workspace": workspace,
        "around": frame_around(request) if workspace else None,
        "shell": f"ui/shell/templates/{'page' if request.user.is_authenticated else 'plain'}.html",
    }
    return HttpResponse(render_to_string(TEMPLATE, frame, request), status=fault.status)


def bare(fault: Fault) -> HttpResponse:
    """A page that needs nothing of the shell, which may be what fails."""
    return HttpResponse(render_to_string("ui/errors/templates/bare.html", {"fault": fault}), status=fault.status)


def crashed(exception: BaseException | None) -> Fault:
    """An error nobody foresaw: logged under a reference that the person can name."""
    reference = secrets.token_hex(4)
    log.error("unforeseen error %s", reference, exc_info=exception)
    return Fault(
        500,
        _("Something went wrong on our side"),
        _("This was not your fault. What you sent may not have been saved; please try again."),
        _("If it happens again, tell your administrator this reference:"),
        reference,
    )
