from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from kakehashi.assembly.environment import flag
from kakehashi.assembly.metrics.pages import metrics
from kakehashi.assembly.web.bodies import TOO_LARGE
from kakehashi.assembly.web.pages import too_large


def alive(request: HttpRequest) -> HttpResponse:
    """Without the front (web/front.py), which answers this itself and looks further."""
    return HttpResponse("ok", content_type="text/plain")


urlpatterns = [
    path("healthz", alive, name="alive"),
    path("metrics", metrics, name="metrics"),
    path(TOO_LARGE[1:], too_large, name="too_large"),
    path("", include("kakehashi.ui.urls")),
    path("", include("kakehashi.identity.urls")),
    path("", include("kakehashi.desk.urls")),
    *([] if flag("KAKEHASHI_WITHOUT_BRIDGE") else [path("", include("kakehashi.bridge.urls"))]),
    path("", include("kakehashi.crm.urls")),
]

handler400 = "kakehashi.ui.errors.pages.bad_request"
handler403 = "kakehashi.ui.errors.pages.permission_denied"
handler404 = "kakehashi.ui.errors.pages.page_not_found"
handler500 = "kakehashi.ui.errors.pages.server_error"
