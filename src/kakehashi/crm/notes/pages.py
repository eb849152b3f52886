"""The notes of a record: the card, the form, and what one can do with each."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kakehashi.core.errors import InvalidValues, ProductError
from kakehashi.crm.orgs.access import CrmAccess, crm_page
from kakehashi.crm.record_form.queries import members_of
from kakehashi.crm.records.models import Record
from kakehashi.crm.records.queries import find_editable, find_record
from kakehashi.ui.htmx import with_toast

from .actions import add_note, change_note, delete_note, pin_note, restore_note, unpin_note
from .forms import NoteForm
from .models import Note
from .panel import card_context, note_rows
from .queries import find_note

_TEMPLATES = "crm/notes/templates"
_MOST_COLLEAGUES = 8


@require_http_methods(["GET", "POST"])
@crm_page
def notes(request: HttpRequest, access: CrmAccess, module_name: str, record_id: int) -> HttpResponse:
    """GET shows the card, or with `?after` what is older; POST adds a note and shows the card."""
    record = find_record(access, module_name, record_id)
    if request.method == "POST":
        return _add(request, access, record)
    context = card_context(access, record, request.GET)
    template = "rows.html" if request.GET.get("after") else "card.html"
    return render(request, f"{_TEMPLATES}/{template}", context)


@require_GET
@crm_page
def new(request: HttpRequest, access: CrmAccess, module_name: str, record_id: int) -> HttpResponse:
    """The empty form, in the place of the button that asked for it."""
    record = find_record(access, module_name, record_id)
    return _show_form(request, access, record, NoteForm())


@require_http_methods(["GET", "POST"])
@crm_page
def note(request: HttpRequest, access: CrmAccess, module_name: str, record_id: int, note_id: int) -> HttpResponse:
    """GET shows the form in the place of the note, with `?show` the note again; POST saves."""
    record = find_record(access, module_name, record_id)
    found = find_note(record, note_id)
    if "show" in request.GET:
        return _show_row(request, access, found)
    _require_edit(access, record, found)
    if request.method == "GET":
        return _show_form(request, access, record, NoteForm(initial={"title": found.title, "html": found.html}), found)
    form = NoteForm(request.POST, request.FILES)
    if form.is_valid():
        values = form.cleaned_data
        try:
            change_note(found, html=values["html"], title=values["title"], files=values["uploads"], actor=access.actor)
        except ProductError as refused:
            _refuse(form, refused)
        else:
            return _show_row(request, access, find_note(record, note_id))
    return _show_form(request, access, record, form, found, status=422)


@require_POST
@crm_page
def pin(request: HttpRequest, access: CrmAccess, module_name: str, record_id: int, note_id: int) -> HttpResponse:
    """Above the others (`pinned`), or back among them."""
    record = find_record(access, module_name, record_id)
    found = find_note(record, note_id)
    _require_edit(access, record, found)
    (pin_note if request.POST.get("pinned") else unpin_note)(found, actor=access.actor)
    return _show_card(request, access, record)


@require_POST
@crm_page
def deletion(request: HttpRequest, access: CrmAccess, module_name: str, record_id: int, note_id: int) -> HttpResponse:
    record = find_record(access, module_name, record_id)
    found = find_note(record, note_id)
    _require_edit(access, record, found)
    delete_note(found, actor=access.actor)
    undo = reverse("crm_note_restoration", args=[access.org.pk, module_name, record_id, note_id])
    return with_toast(_show_card(request, access, record), _("The note was deleted."), undo=undo)


@require_POST
@crm_page
def restoration(
    request: HttpRequest, access: CrmAccess, module_name: str, record_id: int, note_id: int
) -> HttpResponse:
    record = find_record(access, module_name, record_id)
    found = find_note(record, note_id, deleted=True)
    _require_edit(access, record, found)
    restore_note(found, actor=access.actor)
    return HttpResponse(status=204)


@require_GET
@crm_page
def colleagues(request: HttpRequest, access: CrmAccess) -> HttpResponse:
    """Whom one may mean by what was typed after "@"."""
    text = request.GET.get("q", "").casefold()
    names = [name for _id, name in members_of(access) if text in name.casefold().replace(" ", "")]
    return JsonResponse(names[:_MOST_COLLEAGUES], safe=False)


def _add(request: HttpRequest, access: CrmAccess, record: Record) -> HttpResponse:
    form = NoteForm(request.POST, request.FILES)
    if form.is_valid():
        values = form.cleaned_data
        try:
            add_note(record, html=values["html"], title=values["title"], files=values["uploads"], actor=access.actor)
        except ProductError as refused:
            _refuse(form, refused)
        else:
            return _show_card(request, access, record)
    answer = _show_form(request, access, record, form, status=422)
    answer["HX-Retarget"], answer["HX-Reswap"] = "#new-note", "innerHTML"
    return answer


def _refuse(form: NoteForm, refused: ProductError) -> None:
    if isinstance(refused, InvalidValues):
        for name, sentence in refused.by_field.items():
            form.add_error(name, str(sentence))
    else:
        form.add_error("uploads", str(refused))


def _require_edit(access: CrmAccess, record: Record, found: Note) -> None:
    """Its author may, and whoever may change the record."""
    if found.author_id == access.person.pk:
        return
    find_editable(access, access.schema.by_id[record.module_id].api_name, record.pk)


def _show_card(request: HttpRequest, access: CrmAccess, record: Record) -> HttpResponse:
    return render(request, f"{_TEMPLATES}/card.html", card_context(access, record, request.GET))


def _show_row(request: HttpRequest, access: CrmAccess, found: Note) -> HttpResponse:
    (row,) = note_rows(access, [found], found.record_id)
    return render(request, f"{_TEMPLATES}/note.html", {"row": row})


def _show_form(
    request: HttpRequest,
    access: CrmAccess,
    record: Record,
    form: NoteForm,
    found: Note | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    address = [access.org.pk, access.schema.by_id[record.module_id].api_name, record.pk]
    context: dict[str, Any] = {
        "form": form,
        "note": found,
        "url": reverse("crm_note", args=[*address, found.pk]) if found else reverse("crm_notes", args=address),
        "colleagues_url": reverse("crm_colleagues", args=[access.org.pk]),
    }
    return render(request, f"{_TEMPLATES}/form.html", context, status=status)
