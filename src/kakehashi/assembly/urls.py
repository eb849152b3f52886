from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from kakehashi.assembly.environment import flag


def alive(request: HttpRequest) -> HttpResponse:
    """For supervisors and load balancers."""
    return HttpResponse("ok", content_type="text/plain")


urlpatterns = [
    path("healthz", alive, name="alive"),
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
