"""What a page needs to know of htmx: whether a part of the page was asked for, and how to send a toast along."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse

from kakehashi.core.errors import Text


def is_fragment(request: HttpRequest) -> bool:
    """Asked for by htmx, to be put into a page that stands already."""
    return "HX-Request" in request.headers and "HX-History-Restore-Request" not in request.headers


def with_toast(response: HttpResponse, text: Text, *, undo: str = "") -> HttpResponse:
    """The answer, and a sentence at the bottom of the page; `undo` is posted to when the person takes it back."""
    return with_event(response, "toast", {"text": str(text), "undo": undo})


def with_event(response: HttpResponse, name: str, detail: Any = "") -> HttpResponse:
    """The answer, and an event on the page's body for elements with hx-trigger="… from:body"."""
    events = json.loads(response.headers.get("HX-Trigger", "{}"))
    response.headers["HX-Trigger"] = json.dumps({**events, name: detail})
    return response
