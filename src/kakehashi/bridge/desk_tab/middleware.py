"""Pages of the Desk within the CRM. Who has not the tab is led to the same page in the Desk itself, whose rights decide there as ever."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from kakehashi.ui.htmx import is_fragment
from kakehashi.ui.shell.workspace import Frame

from .addresses import URLCONF, portal_within, without
from .frames import frame_of


class WithinCrmMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        portal_id = portal_within(request.path_info)
        if portal_id is None:
            return self.get_response(request)
        if _is_page(request) and request.user.is_authenticated:
            frame = frame_of(request, portal_id)
            if frame is None:
                return redirect(without(request.get_full_path()))
            request.crm_frame = frame  # type: ignore[attr-defined]  # for `frame_around_page`
        request.urlconf = URLCONF
        return self.get_response(request)


def frame_around_page(request: HttpRequest) -> Frame | None:
    """Fills `ui.shell.workspace.FRAMES`."""
    return getattr(request, "crm_frame", None)


def _is_page(request: HttpRequest) -> bool:
    """Fragments and what is sent stand in no frame, and need none."""
    return request.method == "GET" and not is_fragment(request)
