"""Settings: who changed what, when."""

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kakehashi.core.ids import is_id
from kakehashi.core.spreadsheets import BYTE_ORDER_MARK, csv_lines
from kakehashi.crm.orgs.access import CrmAccess, crm_page
from kakehashi.crm.settings.pages import render_settings
from kakehashi.ui.htmx import is_fragment

from .queries import ROWS, AuditChoice, audit_events, people_of, read_choice
from .slots import AUDIT_KINDS, Change
from .telling import Told, tell

PERMISSION = "read_audit_log"
_TEMPLATES = "crm/audit/templates"


@require_GET
@crm_page
def log(request: HttpRequest, access: CrmAccess) -> HttpResponse:
    """Page by page, filtered by person, kind and time."""
    access.require(PERMISSION)
    choice = _choice(request)
    events = audit_events(access, choice)
    before = request.GET.get("before", "")
    if is_id(before):
        events = events.filter(id__lt=int(before))
    found = list(events[: ROWS + 1])
    context = {
        "rows": [tell(access, event) for event in found[:ROWS]],
        "older": found[ROWS - 1].pk if len(found) > ROWS else None,
        "is_first": not before,
        "choice": choice,
        "people": people_of(access),
        "kinds": [(kind.prefix, kind.label) for kind in AUDIT_KINDS],
        "log_url": reverse("crm_audit", args=[access.org.pk]),
        "file_url": reverse("crm_audit_file", args=[access.org.pk]),
        "query": request.GET.urlencode(),
    }
    if is_fragment(request):
        return render(request, f"{_TEMPLATES}/rows.html", context)
    return render_settings(request, access, f"{_TEMPLATES}/log.html", "audit", context)


@require_GET
@crm_page
def file(request: HttpRequest, access: CrmAccess) -> StreamingHttpResponse:
    """The same as a spreadsheet."""
    access.require(PERMISSION)
    lines = _lines(access, _choice(request))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="audit-log.csv"'
    return response


def _choice(request: HttpRequest) -> AuditChoice:
    return read_choice(request.GET, {kind.prefix: kind for kind in AUDIT_KINDS})


def _lines(access: CrmAccess, choice: AuditChoice) -> Iterator[str]:
    """A line per change."""
    yield BYTE_ORDER_MARK + csv_lines(
        [[_("When"), _("Who"), _("Kind"), _("What"), _("Changed"), _("Before"), _("After")]]
    )
    for event in audit_events(access, choice).iterator(chunk_size=500):
        yield from _event_lines(tell(access, event))


def _event_lines(told: Told) -> Iterator[str]:
    start = [timezone.localtime(told.at).isoformat(timespec="seconds"), told.person, str(told.kind), told.sentence]
    changes: list[Change | None] = [*told.changes] or [None]
    for change in changes:
        rest = [str(change.label), change.old, change.new] if change else ["", "", ""]
        yield csv_lines([[*start, *rest]])
