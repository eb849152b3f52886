"""Each request in the person's language and time zone; strangers get the language their browser asks for."""

import zoneinfo
from collections.abc import Callable, Iterator

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone, translation

from .time_zones import zone_named


class PreferencesMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language, zone = _language_of(request), _zone_of(request)
        with translation.override(language), timezone.override(zone):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language() or "")
        is_file = isinstance(response, FileResponse)
        if isinstance(response, StreamingHttpResponse) and not is_file and not response.is_async:
            response.streaming_content = _spoken(iter(response), language, zone)
        return response


def _spoken(parts: Iterator[bytes], language: str, zone: zoneinfo.ZoneInfo) -> Iterator[bytes]:
    """What is written while it is sent, when the request itself is over, is in the person's words and times, too."""
    while True:
        with translation.override(language), timezone.override(zone):
            part = next(parts, None)
        if part is None:
            return
        yield part


def _language_of(request: HttpRequest) -> str:
    if request.user.is_authenticated:
        return request.user.language
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return chosen if chosen in dict(settings.LANGUAGES) else translation.get_language_from_request(request)


def _zone_of(request: HttpRequest) -> zoneinfo.ZoneInfo:
    return zone_named(request.user.time_zone if request.user.is_authenticated else settings.TIME_ZONE)
