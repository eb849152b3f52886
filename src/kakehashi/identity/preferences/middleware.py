"""Each request in the person's language and time zone; strangers get the language their browser asks for."""

import zoneinfo
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from .time_zones import zone_named


class PreferencesMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with translation.override(_language_of(request)), timezone.override(_zone_of(request)):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language() or "")
            return response


def _language_of(request: HttpRequest) -> str:
    if request.user.is_authenticated:
        return request.user.language
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return chosen if chosen in dict(settings.LANGUAGES) else translation.get_language_from_request(request)


def _zone_of(request: HttpRequest) -> zoneinfo.ZoneInfo:
    return zone_named(request.user.time_zone if request.user.is_authenticated else settings.TIME_ZONE)
