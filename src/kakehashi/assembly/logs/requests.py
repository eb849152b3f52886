"""Around each request: its id, a line in the log, and its place in the figures."""

import logging
import re
import time
import uuid
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from kakehashi.assembly.metrics.counters import count_request

from .about import about

logger = logging.getLogger("kakehashi.requests")

_GIVEN = re.compile(r"[A-Za-z0-9._-]{8,64}")
_TENANTS = {"org_id": "org", "portal_id": "portal"}


class RequestLogMiddleware:
    """The outermost of all, so that refusals of the others are counted, too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started, request_id = time.perf_counter(), _id_of(request)
        with about(lambda: {"request": request_id, **_who(request)}):
            response = self.get_response(request)
            seconds = time.perf_counter() - started
            view = view_of(request)
            count_request(view, request.method or "", response.status_code, seconds)
            facts = {"view": view, "method": request.method, "status": response.status_code}
            logger.info("Answered", extra={"facts": facts | {"ms": round(seconds * 1000, 1)}})
        response.headers["X-Request-ID"] = request_id
        return response


def view_of(request: HttpRequest) -> str:
    """The name of the page, never its address: that may carry what people searched for, or a key."""
    if match := request.resolver_match:
        return match.view_name or "unnamed"
    return "static" if request.path.startswith("/static/") else "none"


def _id_of(request: HttpRequest) -> str:
    """A proxy's own, so that both logs can be read together; else a new one."""
    given = request.headers.get("X-Request-ID", "") if settings.PROXIES else ""
    return given if _GIVEN.fullmatch(given) else uuid.uuid4().hex


def _who(request: HttpRequest) -> dict[str, Any]:
    """Only what is known already: a line in the log asks the database for nothing."""
    person = getattr(request, "_cached_user", None)
    found: dict[str, Any] = {"person": person.pk} if person is not None and person.pk else {}
    if match := request.resolver_match:
        found |= {name: match.kwargs[key] for key, name in _TENANTS.items() if key in match.kwargs}
    return found
