"""While nobody exists, every page leads to the first run."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from kakehashi.identity.people.models import Person

_OPEN = ("/healthz", "/metrics", "/too-large", "/static/", "/account/preferences/", "/dev/", "/ui/")


class FirstRunMiddleware:
    """Asks the database until somebody exists, and never again in this process."""

    somebody_exists = False

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not FirstRunMiddleware.somebody_exists and self._leads_to_start(request):
            return redirect("start")
        return self.get_response(request)

    def _leads_to_start(self, request: HttpRequest) -> bool:
        if request.path == reverse("start") or request.path.startswith(_OPEN):
            return False
        FirstRunMiddleware.somebody_exists = Person.objects.exists()
        return not FirstRunMiddleware.somebody_exists
