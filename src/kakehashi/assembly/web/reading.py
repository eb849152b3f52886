"""A page that is only read asks each of its questions once (`core.once`)."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from kakehashi.core.once import one_reading

_READS = ("GET", "HEAD")


class OneReadingMiddleware:
    """Answers to anything else may change what they have asked already."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in _READS:
            return self.get_response(request)
        with one_reading():
            return self.get_response(request)
