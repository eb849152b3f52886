"""The icon of signals on records, again after its number changed, and what hangs below it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from kakehashi.core.ids import ids_in
from kakehashi.crm.orgs.access import CrmAccess, crm_page
from kakehashi.crm.records.queries import find_record

from .marks import SHOWN, mark_context, marks_of
from .pages import TEMPLATES, addresses
from .queries import grouped, signals_of

_MOST = 200


@require_GET
@crm_page
def record_mark(request: HttpRequest, access: CrmAccess, module_name: str, record_id: int) -> HttpResponse:
    found = find_record(access, module_name, record_id)
    return render(request, f"{TEMPLATES}/record_mark.html", mark_context(access, module_name, found.pk))


@require_GET
@crm_page
def record_signals(request: HttpRequest, access: CrmAccess, module_name: str, record_id: int) -> HttpResponse:
    """The latest that concern this record."""
    found = find_record(access, module_name, record_id)
    latest = list(signals_of(access).filter(about__contains=[found.pk], snoozed_until=None)[:SHOWN])
    context = {"groups": grouped(access, latest), "record": found, **addresses(access)}
    return render(request, f"{TEMPLATES}/record_list.html", context)


@require_GET
@crm_page
def marks(request: HttpRequest, access: CrmAccess) -> HttpResponse:
    """Those of the rows of a list: each takes its own place."""
    ids = ids_in(request.GET.get("ids", "").split(",")[:_MOST])
    context = {"marks": marks_of(access, ids).values(), "org_id": access.org.pk}
    return render(request, f"{TEMPLATES}/row_marks.html", context)
