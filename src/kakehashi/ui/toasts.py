"""Say on the next page that something was done. (Answers to htmx: `ui.htmx.with_toast`.) Errors are never toasts."""

from django.contrib import messages
from django.http import HttpRequest

from kakehashi.core.errors import Text


def add_toast(request: HttpRequest, text: Text, *, undo: str = "") -> None:
    """For the full page after a redirect; `undo` is posted to when the person takes it back."""
    messages.success(request, str(text), extra_tags=undo)
