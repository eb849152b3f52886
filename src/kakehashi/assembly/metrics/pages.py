from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from .exposing import figures
from .watchers import may_watch


@require_GET
def metrics(request: HttpRequest) -> HttpResponse:
    if not may_watch(
        request.META.get("REMOTE_ADDR", ""), {name.lower(): text for name, text in request.headers.items()}
    ):
        raise Http404
    return HttpResponse(figures(), content_type=CONTENT_TYPE_PLAIN_0_0_4, headers={"Cache-Control": "no-store"})
