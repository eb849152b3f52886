"""Taking a list home as a spreadsheet."""

from collections.abc import Iterator
from datetime import tzinfo
from urllib.parse import quote

from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.http import require_GET

from kakehashi.core import clock
from kakehashi.core.events.log import Fact, write_fact
from kakehashi.crm.list_views.choice import ListChoice, read_choice
from kakehashi.crm.list_views.pages import chosen_ids
from kakehashi.crm.list_views.queries import chosen_records
from kakehashi.crm.list_views.view_queries import views_of
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.access import CrmAccess, crm_page

from .writing import ENCODINGS, all_columns, export_lines

_MOST_COUNTED = 100_000


@require_GET
@crm_page
def new(request: HttpRequest, access: CrmAccess, module_name: str) -> HttpResponse:
    """Which encoding, which columns; says how many records there will be."""
    module = access.schema[module_name]
    access.require("export_records", module)
    choice = _choice(request, access, module)
    ids = _ids(request)
    records = chosen_records(access, module, choice)
    records = records.filter(pk__in=ids) if ids else records
    total = records.order_by().values("pk")[: _MOST_COUNTED + 1].count()
    context = {
        "module": module,
        "counted": min(total, _MOST_COUNTED),
        "is_counted": total <= _MOST_COUNTED,
        "state": choice.query(),
        "ids": ids,
        "url": reverse("crm_export", args=[access.org.pk, module.api_name]),
    }
    return render(request, "crm/exports/templates/export.html", context)


@require_GET
@crm_page
def download(request: HttpRequest, access: CrmAccess, module_name: str) -> StreamingHttpResponse:
    """The file itself; that it was taken is written down first."""
    module = access.schema[module_name]
    access.require("export_records", module)
    choice = _choice(request, access, module)
    ids = _ids(request)
    records = chosen_records(access, module, choice)
    records = records.filter(pk__in=ids) if ids else records
    encoding = request.GET.get("encoding", "")
    encoding = encoding if encoding in ENCODINGS else "utf-8"
    columns = all_columns(module) if request.GET.get("scope") == "all" else choice.columns
    _tell(access, module, choice, ids)
    lines = export_lines(records, module, columns, sort=choice.sort, encoding=encoding)
    charset = "Shift_JIS" if encoding == "cp932" else "utf-8"
    response = StreamingHttpResponse(
        _in_its_language(lines, translation.get_language(), timezone.get_current_timezone()),
        content_type=f"text/csv; charset={charset}",
    )
    name = f"{module.plural} {timezone.localdate(clock.now()):%Y-%m-%d}.csv"
    response["Content-Disposition"] = f"attachment; filename=\"{module.api_name}.csv\"; filename*=UTF-8''{quote(name)}"
    response["Cache-Control"] = "no-store"
    return response


def _choice(request: HttpRequest, access: CrmAccess, module: ModuleSchema) -> ListChoice:
    """The state of the list as its toolbar sends it, or as its form carries it along."""
    query = QueryDict(request.GET["query"]) if request.GET.get("query") else request.GET
    return read_choice(query, module, views_of(access, module).chosen(query.get("view", "")))


def _ids(request: HttpRequest) -> list[int]:
    return [] if request.GET.get("everything") else chosen_ids(request)


def _in_its_language(lines: Iterator[bytes], language: str | None, zone: tzinfo) -> Iterator[bytes]:
    """The pieces are made after the request is over, when its language and time zone are forgotten."""
    while True:
        with translation.override(language or "en"), timezone.override(zone):
            line = next(lines, None)
        if line is None:
            return
        yield line


def _tell(access: CrmAccess, module: ModuleSchema, choice: ListChoice, ids: list[int]) -> None:
    data = {"module": module.api_name, "view": str(choice.view.name), "chosen": len(ids), "filter": choice.filter_text}
    with transaction.atomic():
        write_fact(Fact(access.org.tenant, "crm.records.exported", "crm.module", module.id, data), access.actor)
