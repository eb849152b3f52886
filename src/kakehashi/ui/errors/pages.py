"""Django's own ways out (404, 403, 400, 500, CSRF), answered in our words. Named in assembly/urls.py and the settings."""

import sys

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from .faults import Fault, answer, bare, crashed


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        return answer(request, body_too_large())
    if isinstance(exception, TooManyFieldsSent | TooManyFilesSent):
        return answer(
            request, Fault(400, _("Too much at once"), _("Send it in several parts, with fewer fields or files each."))
        )
    return answer(request, Fault(400, _("This request cannot be read"), _("Go back and try again.")))


def body_too_large() -> Fault:
    advice = _("Nothing was saved. Send fewer or smaller files at a time.")
    return Fault(413, _("Too large"), _("That is too large to be sent at once."), advice)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    advice = _("Ask an administrator if you need it.")
    return answer(request, Fault(403, _("Not allowed"), _("You are not allowed to do this."), advice))


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    sentence = _("This page or record does not exist, or you cannot see it.")
    return answer(request, Fault(404, _("Not found"), sentence))


def method_not_allowed(request: HttpRequest) -> HttpResponse:
    sentence = _("This address cannot be opened this way. Go back and use the button there.")
    return answer(request, Fault(405, _("Not possible this way"), sentence))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    sentence = _("This page was open for too long, so it could not be sent. Reload it and try again.")
    return answer(request, Fault(403, _("Please reload the page"), sentence))


def server_error(request: HttpRequest) -> HttpResponse:
    fault = crashed(sys.exc_info()[1])
    try:
        return answer(request, fault)
    except Exception:  # noqa: BLE001  # the shell itself may be what fails: then without it
        return bare(fault)
