"""Importing a spreadsheet: upload, say what its columns are, read the dry run, start, watch, read what became of every row, take it back."""

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kakehashi.core import clock
from kakehashi.core.errors import InvalidValues, ProductError, Text
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.access import CrmAccess, crm_page
from kakehashi.crm.orgs.workspace import workspace_of
from kakehashi.crm.settings.pages import render_settings
from kakehashi.ui.htmx import is_fragment
from kakehashi.ui.shell.workspace import render_page

from .actions import (
    check_import,
    choices_of,
    guess_again,
    keep_choices,
    read_again,
    refusals_of,
    resume_import,
    start_import,
    stop_import,
    undo_changed_too,
    undo_import_of,
    upload_file,
)
from .downloads import failed_lines, result_lines
from .forms import choices_from
from .mapping import ENCODINGS, mapping_context
from .models import Import, ImportState, RowState, UndoState
from .progress import pace_of, words_of
from .queries import find_import, visible_imports
from .results import counters, kept_records, page_of_rows, shown_rows, state_pill, undo_labels
from .running import COUNTERS, SAMPLES_PER_STATE
from .undoing import undo_counts

_TEMPLATES = "crm/imports/templates"
_IMPORTS_PER_PAGE = 50
_WORKING = (ImportState.CHECKING, ImportState.RUNNING, ImportState.UNDOING)
_BEFORE_THE_RUN = (ImportState.CHECKING, ImportState.CHECKED)
_ENDED = (ImportState.FINISHED, ImportState.STOPPED, ImportState.FAILED)


@require_http_methods(["GET", "POST"])
@crm_page
def new(request: HttpRequest, access: CrmAccess, module_name: str) -> HttpResponse:
    """Choose a file or paste a table; it is stored before anything else."""
    module = access.schema[module_name]
    access.require("import_records", module)
    refusal: Text = ""
    if request.method == "POST":
        try:
            source = upload_file(access.org, module=module, file=_file_of(request), actor=access.actor)
        except InvalidValues as refused:
            refusal = refused.by_field["file"]
        except ProductError as refused:
            refusal = refused.message
        else:
            return _go(request, reverse("crm_import_mapping", args=[access.org.pk, source.pk]))
    context = {
        "module": module,
        "refusal": refusal,
        "pasted": request.POST.get("pasted", ""),
        "limit_bytes": settings.ATTACHMENT_LIMIT_BYTES,
        "list_url": reverse("crm_list", args=[access.org.pk, module.api_name]),
    }
    return _page(request, access, module, "upload.html", context, status=422 if refusal else 200)


@require_http_methods(["GET", "POST"])
@crm_page
def mapping(request: HttpRequest, access: CrmAccess, import_id: int) -> HttpResponse:
    """Which column is which field, and what to do with records that are there already; POST begins the dry run."""
    source, module = find_import(access, import_id)
    if source.state not in (ImportState.MAPPING, ImportState.CHECKED):
        return _to_import(access, source)
    if request.method == "GET":
        return _show_mapping(request, access, source, module)
    choices = choices_from(request.POST, source, module)
    try:
        check_import(source, module=module, choices=choices, actor=access.actor)
    except InvalidValues as refused:
        source = keep_choices(source, module=module, choices=choices)
        return _show_mapping(request, access, source, module, refused.by_field)
    return _to_import(access, source)


@require_POST
@crm_page
def choices(request: HttpRequest, access: CrmAccess, import_id: int) -> HttpResponse:
    """Keep what was chosen so far, and show what follows from it."""
    source, module = find_import(access, import_id)
    source = keep_choices(source, module=module, choices=choices_from(request.POST, source, module))
    found = refusals_of(choices_of(source), module)
    shown = {place: words for place, words in found.items() if place.startswith(("column-", "match"))}
    context = _mapping_context(access, source, module, shown)
    return render(request, f"{_TEMPLATES}/mapping_form.html", context)


@require_POST
@crm_page
def reading(request: HttpRequest, access: CrmAccess, import_id: int) -> HttpResponse:
    """Read the file in another way."""
    source, module = find_import(access, import_id)
    encoding, delimiter = request.POST.get("encoding", ""), request.POST.get("delimiter", "")
    try:
        read_again(
            source,
            module=module,
            encoding=encoding if encoding in ENCODINGS else source.encoding,
            delimiter=delimiter if delimiter in (",", "\t", ";") else source.delimiter,
            has_heading=request.POST.get("heading") != "none",
        )
    except InvalidValues as refused:
        source.refresh_from_db()
        return _show_mapping(request, access, source, module, {"reading": refused.by_field["file"]})
    return redirect("crm_import_mapping", access.org.pk, source.pk)


@require_POST
@crm_page
def guess(request: HttpRequest, access: CrmAccess, import_id: int) -> HttpResponse:
    """Do not use what was chosen for an earlier file."""
    source, module = find_import(access, import_id)
    guess_again(source, module=module)
    return redirect("crm_import_mapping", access.org.pk, source.pk)


@require_GET
@crm_page
def show(request: HttpRequest, access: CrmAccess, import_id: int) -> HttpResponse:
    """The dry run, the progress, or what became of every row."""
    source, module = find_import(access, import_id)
    if source.state == ImportState.MAPPING:
        return redirect("crm_import_mapping", access.org.pk, source.pk)
    context = _result_context(request, access, source, module)
    if is_fragment(request):  # another page of rows, or those that ended in another way
        return render(request, f"{_TEMPLATES}/rows.html", context)
    return _page(request, access, module, "show.html", context)


@require_GET
@crm_page
def progress(request: HttpRequest, access: CrmAccess, import_id: int) -> HttpResponse:
    source, module = find_import(access, import_id)
    if source.state not in _WORKING:  # the heading and the steps change, too
        return _go(request, reverse("crm_import", args=[access.org.pk, source.pk]))
    return render(request, f"{_TEMPLATES}/working.html", _result_context(request, access, source, module))


@require_POST
@crm_page
def start(request: HttpRequest, access: CrmAccess, import_id: int) -> HttpResponse:
    return _act(access, import_id, start_import)


@require_POST
@crm_page
def stopping(request: HttpRequest, access: CrmAccess, import_id: int) -> HttpResponse:
    return _act(access, import_id, stop_import)


@require_POST
@crm_page
def resumption(request: HttpRequest, access: CrmAccess, import_id: int) -> HttpResponse:
    return _act(access, import_id, resume_import)


@require_POST
@crm_page
def undoing(request: HttpRequest, access: CrmAccess, import_id: int) -> HttpResponse:
    """Take the import back; what was changed since stays."""
    return _act(access, import_id, undo_import_of, "delete_records")


@require_POST
@crm_page
def undoing_changed(request: HttpRequest, access: CrmAccess, import_id: int) -> HttpResponse:
    """Take back also what was changed since."""
    return _act(access, import_id, undo_changed_too, "delete_records")


@require_GET
@crm_page
def failed_rows(request: HttpRequest, access: CrmAccess, import_id: int) -> StreamingHttpResponse:
    """The rows that were not taken, as they were, each with its reasons: to be corrected and imported again."""
    source, module = find_import(access, import_id)
    return _csv(failed_lines(source, module), f"import-{source.pk}-failed.csv")


@require_GET
@crm_page
def result_rows(request: HttpRequest, access: CrmAccess, import_id: int) -> StreamingHttpResponse:
    """Every row of the file with what became of it."""
    source, module = find_import(access, import_id)
    address = request.build_absolute_uri(reverse("crm_record", args=[access.org.pk, module.api_name, 0]))
    lines = result_lines(source, module, address.replace(f"/{module.api_name}/0/", f"/{module.api_name}/{{}}/"))
    return _csv(lines, f"import-{source.pk}-result.csv")


@require_GET
@crm_page
def all_imports(request: HttpRequest, access: CrmAccess) -> HttpResponse:
    """What was imported so far."""
    access.require("import_records")
    page = Paginator(visible_imports(access), _IMPORTS_PER_PAGE).get_page(request.GET.get("page", "1"))
    found = [
        (
            source,
            access.schema.by_id[source.module_id],
            reverse("crm_import", args=[access.org.pk, source.pk]),
            state_pill(source),
        )
        for source in page.object_list
    ]
    modules = [
        (module, reverse("crm_import_new", args=[access.org.pk, module.api_name]))
        for module in access.schema
        if access.may("import_records", module)
    ]
    context = {"rows": found, "page": page, "modules": modules}
    return render_settings(request, access, f"{_TEMPLATES}/all.html", "imports", context)


def _act(
    access: CrmAccess, import_id: int, action: Callable[..., Import], permission: str = "import_records"
) -> HttpResponse:
    source, module = find_import(access, import_id)
    access.require(permission, module)
    return _to_import(access, action(source, actor=access.actor))


def _file_of(request: HttpRequest) -> File[bytes] | None:
    """The chosen file, or what was pasted: cells copied from a spreadsheet are separated by tabs."""
    if file := request.FILES.get("file"):
        return file
    pasted = request.POST.get("pasted", "")
    return ContentFile(pasted.encode(), name=str(_("Pasted table.tsv"))) if pasted.strip() else None


def _go(request: HttpRequest, address: str) -> HttpResponse:
    """A redirect that htmx follows as a new page."""
    if not is_fragment(request):
        return redirect(address)
    response = HttpResponse(status=204)
    response.headers["HX-Redirect"] = address
    return response


def _to_import(access: CrmAccess, source: Import) -> HttpResponse:
    return redirect("crm_import", access.org.pk, source.pk)


def _csv(lines: Any, name: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _show_mapping(
    request: HttpRequest,
    access: CrmAccess,
    source: Import,
    module: ModuleSchema,
    refusals: Mapping[str, Text] | None = None,
) -> HttpResponse:
    context = _mapping_context(access, source, module, refusals or {})
    return _page(request, access, module, "mapping.html", context, status=422 if refusals else 200)


def _mapping_context(
    access: CrmAccess, source: Import, module: ModuleSchema, refusals: Mapping[str, Text]
) -> dict[str, Any]:
    address = [access.org.pk, source.pk]
    return {
        **mapping_context(source, module, access, refusals),
        "mapping_url": reverse("crm_import_mapping", args=address),
        "choices_url": reverse("crm_import_choices", args=address),
        "reading_url": reverse("crm_import_reading", args=address),
        "guess_url": reverse("crm_import_guess", args=address),
        "list_url": reverse("crm_list", args=[access.org.pk, module.api_name]),
        "new_url": reverse("crm_import_new", args=[access.org.pk, module.api_name]),
    }


def _result_context(request: HttpRequest, access: CrmAccess, source: Import, module: ModuleSchema) -> dict[str, Any]:
    state = request.GET.get("state", "")
    state = state if state in RowState.values else ""
    address = [access.org.pk, source.pk]
    page = page_of_rows(source, state, request.GET.get("page", "1"))
    return {
        "source": source,
        "module": module,
        "encoding": ENCODINGS.get(source.encoding, source.encoding),
        "page": page,
        "rows": shown_rows(source, page.object_list, access, module),
        "counters": counters(source, state, reverse("crm_import", args=address)),
        "is_working": source.state in _WORKING,
        "is_sample": any(getattr(source, name) > SAMPLES_PER_STATE for name in COUNTERS.values()),
        "is_dry": source.state in _BEFORE_THE_RUN,
        "may_undo": source.state in _ENDED
        and bool(source.created_count or source.updated_count or source.named_count)
        and access.may("delete_records", module),
        "may_undo_more": source.state == ImportState.UNDONE and access.may("delete_records", module),
        "not_taken": source.failed_count + source.ambiguous_count,
        "will_write": source.created_count + source.updated_count,
        "urls": {name: reverse(f"crm_import_{name}", args=address) for name in _ADDRESSES},
        "list_url": reverse("crm_list", args=[access.org.pk, module.api_name]),
        "new_url": reverse("crm_import_new", args=[access.org.pk, module.api_name]),
        "step": 3 if source.state in _BEFORE_THE_RUN else 4,
        **_work_context(source),
        **_undo_context(access, source, module),
    }


_ADDRESSES = (
    "mapping", "progress", "start", "stopping", "resumption", "undoing", "undoing_changed", "failed", "result",
)  # fmt: skip


def _work_context(source: Import) -> dict[str, Any]:
    if source.state not in _WORKING:
        return {}
    done, total, began = source.rows_done, source.rows_total, source.began_rows
    if source.state == ImportState.UNDOING:
        counts = undo_counts(source)
        total = sum(counts.values())
        done, began = total - counts.get("", 0), 0
    pace = pace_of(done=done, began_rows=began, total=total, began_at=source.began_at, now=clock.now())
    return {"done": done, "total": total, "pace": words_of(pace)}


def _undo_context(access: CrmAccess, source: Import, module: ModuleSchema) -> dict[str, Any]:
    if source.state != ImportState.UNDONE:
        return {}
    counts = undo_counts(source)
    return {
        "undone": [(label, counts.get(state, 0)) for state, label in undo_labels().items()],
        "kept_count": counts.get(UndoState.KEPT, 0),
        "kept": kept_records(source, access, module),
    }


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
