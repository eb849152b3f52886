"""Notes when a session was last seen, at most once a minute: allauth's own middleware writes with every request."""

import time
from collections.abc import Callable

from allauth.usersessions.models import UserSession
from django.http import HttpRequest, HttpResponse

_PAUSE_SECONDS = 60.0
_MOST_SESSIONS = 10_000


class SessionActivityMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._noted: dict[tuple[str, str], float] = {}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = request.session.session_key
        if key and request.user.is_authenticated and self._is_due((key, request.META.get("REMOTE_ADDR", ""))):
            UserSession.objects.create_from_request(request)
        return self.get_response(request)

    def _is_due(self, visit: tuple[str, str]) -> bool:
        """A new address of the same session is noted at once."""
        now = time.monotonic()
        if now - self._noted.get(visit, -_PAUSE_SECONDS) < _PAUSE_SECONDS:
            return False
        if len(self._noted) >= _MOST_SESSIONS:
            self._noted.clear()
        self._noted[visit] = now
        return True
