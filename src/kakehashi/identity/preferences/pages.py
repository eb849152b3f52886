from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from kakehashi.core.errors import InvalidValues
from kakehashi.identity.people.models import Language, Theme

from .actions import set_language, set_theme

_YEAR = 60 * 60 * 24 * 365


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Switch the language, of the person or of this stranger's browser, and go back."""
    chosen = request.POST.get("language", "")
    if chosen not in Language.values:
        raise InvalidValues({"language": chosen})
    if request.user.is_authenticated:
        set_language(request.user, chosen)
    return _back_with_cookie(request, settings.LANGUAGE_COOKIE_NAME, chosen)


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    chosen = request.POST.get("theme", "")
    if chosen not in Theme.values:
        raise InvalidValues({"theme": chosen})
    if request.user.is_authenticated:
        set_theme(request.user, chosen)
    return _back_with_cookie(request, "theme", chosen)


def _back_with_cookie(request: HttpRequest, name: str, value: str) -> HttpResponse:
    """The cookie lets the pages before the next sign-in look the same."""
    response = _back(request)
    response.set_cookie(
        name, value, max_age=_YEAR, samesite="Lax", httponly=True, secure=settings.SESSION_COOKIE_SECURE
    )
    return response


def _back(request: HttpRequest) -> HttpResponseRedirect:
    """To the page that was left, never to another site."""
    for url in (request.POST.get("next", ""), request.headers.get("Referer", "")):
        if url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure()):
            return HttpResponseRedirect(url)
    return redirect("home")
