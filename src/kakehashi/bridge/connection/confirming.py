"""What cannot be taken back by a click is confirmed by typing a name."""

from django.http import HttpRequest


def confirmed(request: HttpRequest, name: str) -> bool:
    """Whether the form of `typed.html` brought just this name."""
    return request.POST.get("typed", "").strip() == name
