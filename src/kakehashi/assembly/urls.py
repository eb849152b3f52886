from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def alive(request: HttpRequest) -> HttpResponse:
    """For supervisors and load balancers."""
    return HttpResponse("ok", content_type="text/plain")


urlpatterns = [
    path("healthz", alive, name="alive"),
    path("", include("kakehashi.identity.urls")),
]
