"""The attachments of a record: the card, taking files in, giving them out."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kakehashi.core.attachments.serving import attachment_response, preview_response
from kakehashi.core.errors import ProductError
from kakehashi.crm.orgs.access import CrmAccess, crm_page
from kakehashi.crm.records.models import Record
from kakehashi.crm.records.queries import find_editable, find_record
from kakehashi.ui.htmx import with_toast

from .actions import add_files, delete_file, restore_file
from .models import RecordFile
from .panel import card_context
from .queries import find_file

_TEMPLATES = "crm/files/templates"


@require_http_methods(["GET", "POST"])
@crm_page
def files(request: HttpRequest, access: CrmAccess, module_name: str, record_id: int) -> HttpResponse:
    """GET shows the card (`?all`: every file); POST takes one file or several in and answers in words what was wrong."""
    record = find_record(access, module_name, record_id)
    if request.method == "GET":
        return _show_card(request, access, record)
    _require_edit(access, record)
    given = request.FILES.getlist("files")
    if not given:
        return JsonResponse({"error": _("Choose a file.")}, status=422)
    try:
        add_files(record, uploads=given, actor=access.actor)
    except ProductError as refused:
        return JsonResponse({"error": str(refused)}, status=422)
    return JsonResponse({"error": ""}, status=201)


@require_GET
@crm_page
def file(request: HttpRequest, access: CrmAccess, module_name: str, record_id: int, file_id: int) -> HttpResponseBase:
    """The file itself; with `?inline` a PDF for the frame of the preview."""
    found = find_file(find_record(access, module_name, record_id), file_id)
    return (preview_response if "inline" in request.GET else attachment_response)(found.attachment)


@require_GET
@crm_page
def preview(request: HttpRequest, access: CrmAccess, module_name: str, record_id: int, file_id: int) -> HttpResponse:
    """A dialog that shows an image or a PDF."""
    found = find_file(find_record(access, module_name, record_id), file_id)
    url = reverse("crm_file", args=[access.org.pk, module_name, record_id, file_id])
    return render(request, f"{_TEMPLATES}/preview.html", {"file": found, "url": url})


@require_POST
@crm_page
def deletion(request: HttpRequest, access: CrmAccess, module_name: str, record_id: int, file_id: int) -> HttpResponse:
    record = find_record(access, module_name, record_id)
    found = find_file(record, file_id)
    _require_change(access, record, found)
    delete_file(found, actor=access.actor)
    undo = reverse("crm_file_restoration", args=[access.org.pk, module_name, record_id, file_id])
    said = _("“%(name)s” was deleted.") % {"name": found.attachment.name}
    return with_toast(_show_card(request, access, record), said, undo=undo)


@require_POST
@crm_page
def restoration(
    request: HttpRequest, access: CrmAccess, module_name: str, record_id: int, file_id: int
) -> HttpResponse:
    record = find_record(access, module_name, record_id)
    found = find_file(record, file_id, deleted=True)
    _require_change(access, record, found)
    restore_file(found, actor=access.actor)
    return HttpResponse(status=204)


def _require_change(access: CrmAccess, record: Record, found: RecordFile) -> None:
    """Who wrote a note may take its files away again; the others lie with the record."""
    if found.note and found.note.author_id == access.person.pk:
        return
    _require_edit(access, record)


def _require_edit(access: CrmAccess, record: Record) -> None:
    find_editable(access, access.schema.by_id[record.module_id].api_name, record.pk)


def _show_card(request: HttpRequest, access: CrmAccess, record: Record) -> HttpResponse:
    return render(request, f"{_TEMPLATES}/card.html", card_context(access, record, request.GET))
