"""Importing a spreadsheet: upload, say what its columns are, watch, read what became of every row."""

import csv
import io
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from kakehashi.core.errors import InvalidValues, NotFound, ProductError, Text
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.access import CrmAccess, crm_page
from kakehashi.crm.orgs.workspace import workspace_of
from kakehashi.crm.settings.pages import render_settings
from kakehashi.ui.shell.workspace import render_page

from .actions import start_import, upload_file
from .guessing import FULL_NAME, targets
from .models import Import, ImportRow, ImportState, MatchPolicy, RowState
from .reading import read_heading, read_rows
from .results import ShownRow, page_of_rows, pills, shown_rows
from .running import layout_of

_TEMPLATES = "crm/imports/templates"
_ENCODINGS = {
    "cp932": "Shift_JIS",
    "utf-8-sig": "UTF-8 (BOM)",
    "utf-8": "UTF-8",
    "euc_jp": "EUC-JP",
    "utf-16": "UTF-16",
}


@require_http_methods(["GET", "POST"])
@crm_page
def new(request: HttpRequest, access: CrmAccess, module_name: str) -> HttpResponse:
    """Choose a file; it is stored before anything else."""
    module = access.schema[module_name]
    access.require("import_records", module)
    refusal: Text = ""
    if request.method == "POST":
        try:
            source = upload_file(access.org, module=module, file=request.FILES.get("file"), actor=access.actor)
        except InvalidValues as refused:
            refusal = refused.by_field["file"]
        except ProductError as refused:
            refusal = refused.message
        else:
            return redirect("crm_import_mapping", access.org.pk, source.pk)
    context = {
        "module": module,
        "refusal": refusal,
        "list_url": reverse("crm_list", args=[access.org.pk, module.api_name]),
    }
    return _page(request, access, module, "upload.html", context, status=422 if refusal else 200)


@require_http_methods(["GET", "POST"])
@crm_page
def mapping(request: HttpRequest, access: CrmAccess, import_id: int) -> HttpResponse:
    """Which column is which field, and what to do with records that are there already."""
    source, module = _find(access, import_id)
    if source.state != ImportState.MAPPING:
        return redirect("crm_import", access.org.pk, source.pk)
    if request.method == "GET":
        return _show_mapping(request, access, source, module)
    count = len(source.mapping)
    chosen = [request.POST.get(f"column-{index}", "") for index in range(count)]
    policy = request.POST.get("policy", "")
    policy = policy if policy in MatchPolicy.values else MatchPolicy.UPDATE
    try:
        start_import(
            source,
            module=module,
            mapping=chosen,
            match_field="" if policy == MatchPolicy.CREATE else request.POST.get("match_field", ""),
            policy=policy,
            creates_missing="creates_missing" in request.POST,
            actor=access.actor,
        )
    except InvalidValues as refused:
        source.mapping, source.policy = chosen, policy
        source.match_field, source.creates_missing = (
            request.POST.get("match_field", ""),
            "creates_missing" in request.POST,
        )
        return _show_mapping(request, access, source, module, refused.by_field)
    return redirect("crm_import", access.org.pk, source.pk)


@require_GET
@crm_page
def show(request: HttpRequest, access: CrmAccess, import_id: int) -> HttpResponse:
    """How far it is; when it is done, what became of every row."""
    source, module = _find(access, import_id)
    if source.state == ImportState.MAPPING:
        return redirect("crm_import_mapping", access.org.pk, source.pk)
    return _page(request, access, module, "show.html", _result_context(request, access, source, module))


@require_GET
@crm_page
def progress(request: HttpRequest, access: CrmAccess, import_id: int) -> HttpResponse:
    source, module = _find(access, import_id)
    return render(request, f"{_TEMPLATES}/result.html", _result_context(request, access, source, module))


@require_GET
@crm_page
def rows(request: HttpRequest, access: CrmAccess, import_id: int) -> HttpResponse:
    """A page of row results, filtered by what became of them."""
    source, module = _find(access, import_id)
    return render(request, f"{_TEMPLATES}/rows.html", _result_context(request, access, source, module))


@require_GET
@crm_page
def failed_rows(request: HttpRequest, access: CrmAccess, import_id: int) -> StreamingHttpResponse:
    """The rows that failed as they were, each with its reasons: to be corrected and imported again."""
    source, module = _find(access, import_id)
    response = StreamingHttpResponse(_failed_lines(source, module), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="import-{source.pk}-failed.csv"'
    return response


@require_GET
@crm_page
def all_imports(request: HttpRequest, access: CrmAccess) -> HttpResponse:
    """What was imported so far."""
    access.require("import_records")
    seen = Q(started_by_id=access.person.pk) | Q(module_id__in=_modules_seen_whole(access))
    sources = Import.objects.select_related("file").filter(seen, org=access.org, module_id__in=access.schema.by_id)
    found = [
        (source, access.schema.by_id[source.module_id], reverse("crm_import", args=[access.org.pk, source.pk]))
        for source in sources.order_by("-pk")[:100]
    ]
    return render_settings(request, access, f"{_TEMPLATES}/all.html", "imports", {"rows": found})


def _find(access: CrmAccess, import_id: int) -> tuple[Import, ModuleSchema]:
    """An import of this person's own; those of others for who may see all that they brought."""
    access.require("import_records")
    source = Import.objects.select_related("org", "file").filter(org=access.org, pk=import_id).first()
    module = access.schema.by_id.get(source.module_id) if source else None
    if source is None or module is None:
        raise NotFound
    access.require("import_records", module)
    if source.started_by_id != access.person.pk and module.id not in _modules_seen_whole(access):
        raise NotFound
    return source, module


def _modules_seen_whole(access: CrmAccess) -> list[int]:
    return [module.id for module in access.schema if access.may("see_all_records", module) and not module.whole]


def _show_mapping(
    request: HttpRequest,
    access: CrmAccess,
    source: Import,
    module: ModuleSchema,
    refusals: Mapping[str, Text] | None = None,
) -> HttpResponse:
    layout = layout_of(source)
    samples = [row.cells for row in islice(read_rows(layout, after=1), 3)]
    columns = [
        {
            "index": index,
            "header": header or _("Column %(number)s") % {"number": index + 1},
            "samples": [cells[index] for cells in samples if index < len(cells) and cells[index].strip()],
            "chosen": source.mapping[index] if index < len(source.mapping) else "",
        }
        for index, header in enumerate(read_heading(layout))
    ]
    context = {
        "source": source,
        "module": module,
        "columns": columns,
        "targets": [(name, _target_label(name, module), _is_required(name, module)) for name in targets(module)],
        "match_fields": [field for field in module.fields.values() if _can_match(field.api_name, module)],
        "encoding": _ENCODINGS.get(source.encoding, source.encoding),
        "refusals": refusals or {},
        "has_lookups": any(module.fields[name].lookup_module for name in source.mapping if name in module.fields),
    }
    return _page(request, access, module, "mapping.html", context, status=422 if refusals else 200)


def _target_label(name: str, module: ModuleSchema) -> Text:
    return _("Full name (last and first name)") if name == FULL_NAME else module.fields[name].label


def _is_required(name: str, module: ModuleSchema) -> bool:
    return name in module.fields and module.fields[name].is_required


def _can_match(name: str, module: ModuleSchema) -> bool:
    """Fields that have keys to be found by."""
    field = module.fields[name]
    return field.is_unique or field.type in ("email", "phone")


def _result_context(request: HttpRequest, access: CrmAccess, source: Import, module: ModuleSchema) -> dict[str, Any]:
    state = request.GET.get("state", "")
    state = state if state in RowState.values else ""
    page = page_of_rows(source, state, request.GET.get("page", "1"))
    address = [access.org.pk, source.pk]
    return {
        "source": source,
        "module": module,
        "encoding": _ENCODINGS.get(source.encoding, source.encoding),
        "page": page,
        "rows": shown_rows(page.object_list, access, module),
        "pills": pills(source, state, reverse("crm_import_rows", args=address)),
        "progress_url": reverse("crm_import_progress", args=address),
        "failed_url": reverse("crm_import_failed", args=address),
        "list_url": reverse("crm_list", args=[access.org.pk, module.api_name]),
        "new_url": reverse("crm_import_new", args=[access.org.pk, module.api_name]),
        "is_running": source.state == ImportState.RUNNING,
    }


def _failed_lines(source: Import, module: ModuleSchema) -> Iterator[str]:
    """With a BOM, so that Excel reads it as UTF-8."""
    headers = read_heading(layout_of(source))
    yield "\ufeff" + _csv_line([*headers, _("Row"), _("Reason")])
    found = ImportRow.objects.filter(source=source, state=RowState.FAILED).order_by("number")
    for row in found.iterator(chunk_size=500):
        shown = ShownRow.of(row, module)
        cells = [str(cell) for cell in row.cells or []]
        padded = cells[: len(headers)] + [""] * (len(headers) - len(cells))
        yield _csv_line([*padded, str(row.number), " ".join(shown.sentences)])


def _csv_line(cells: list[str]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow([_harmless(cell) for cell in cells])
    return line.getvalue()


def _harmless(cell: str) -> str:
    """A cell that begins like a formula would be run by Excel."""
    is_formula = cell[:1] in "=@\t\r" or (cell[:1] in "+-" and not cell[1:].replace(" ", "").replace("-", "").isdigit())
    return f"'{cell}" if cell and is_formula else cell


def _page(
    request: HttpRequest,
    access: CrmAccess,
    module: ModuleSchema,
    template: str,
    context: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    return render_page(
        request,
        f"{_TEMPLATES}/{template}",
        context,
        workspace=workspace_of(access),
        active=module.api_name,
        status=status,
    )
