"""Facts raised below become pages for people."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from kakehashi.core.errors import InvalidValues, NotAllowed, NotFound, ProductError, StaleVersion, Text

from .faults import Fault, answer
from .pages import method_not_allowed


class ProductErrorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 405 and not response.content and "text/html" in request.headers.get("Accept", ""):
            explained = method_not_allowed(request)
            explained.headers["Allow"] = response.headers.get("Allow", "")
            return explained
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, ProductError):
            return None
        return answer(request, Fault(exception.status, _title(exception), str(exception), _advice(exception)))


def _title(error: ProductError) -> Text:
    titles = {
        NotAllowed: _("Not allowed"),
        NotFound: _("Not found"),
        StaleVersion: _("Changed in the meantime"),
        InvalidValues: _("This could not be saved"),
    }
    return next((title for kind, title in titles.items() if isinstance(error, kind)), _("This did not work"))


def _advice(error: ProductError) -> Text:
    if isinstance(error, NotAllowed):
        return error.who_can or _("Ask an administrator if you need it.")
    if isinstance(error, StaleVersion):
        return _("Reload the page to see it as it is now, then make your change again.")
    return ""
