"""Pages that no feature owns."""

from django.http import HttpRequest, HttpResponse

from kakehashi.ui.errors.faults import answer
from kakehashi.ui.errors.pages import body_too_large


def too_large(request: HttpRequest) -> HttpResponse:
    """Shown by the front in place of what was too large to be taken in."""
    return answer(request, body_too_large())
