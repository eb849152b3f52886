"""Importing a spreadsheet: upload, read the dry run, start, watch, read what became of every row, take it back.

What the columns are is asked in `mapping_pages.py`.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kakehashi.core.errors import InvalidValues, ProductError, Text
from kakehashi.crm.orgs.access import CrmAccess, crm_page
from kakehashi.crm.orgs.workspace import render_module_page
from kakehashi.crm.settings.pages import render_settings
from kakehashi.ui.htmx import is_fragment

from .actions import (
    resume_import,
    start_import,
    stop_import,
    undo_changed_too,
    undo_import_of,
    upload_file,
)
from .downloads import failed_lines, result_lines
from .mapping_pages import TEMPLATES
from .models import Import, ImportState
from .queries import find_import, visible_imports
from .results import state_pill
from .standing import WORKING, result_context

_IMPORTS_PER_PAGE = 50


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
    return render_module_page(
        request, access, module, f"{TEMPLATES}/upload.html", context, status=422 if refusal else 200
    )


@require_GET
@crm_page
def show(request: HttpRequest, access: CrmAccess, import_id: int) -> HttpResponse:
    """The dry run, the progress, or what became of every row."""
    source, module = find_import(access, import_id)
    if source.state == ImportState.MAPPING:
        return redirect("crm_import_mapping", access.org.pk, source.pk)
    context = result_context(request, access, source, module)
    if is_fragment(request):  # another page of rows, or those that ended in another way
        return render(request, f"{TEMPLATES}/rows.html", context)
    return render_module_page(request, access, module, f"{TEMPLATES}/show.html", context)


@require_GET
@crm_page
def progress(request: HttpRequest, access: CrmAccess, import_id: int) -> HttpResponse:
    source, module = find_import(access, import_id)
    if source.state not in WORKING:  # the heading and the steps change, too
        return _go(request, reverse("crm_import", args=[access.org.pk, source.pk]))
    return render(request, f"{TEMPLATES}/working.html", result_context(request, access, source, module))


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
    return render_settings(request, access, f"{TEMPLATES}/all.html", "imports", context)


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
