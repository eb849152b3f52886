"""Editing one field in place."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from kakehashi.core.errors import InvalidValues, NotFound
from kakehashi.core.fields.kind import Names
from kakehashi.core.fields.registry import kind_of
from kakehashi.core.fields.schema import FieldSchema
from kakehashi.crm.list_views.cell_html import cell_html
from kakehashi.crm.list_views.cells import record_cell
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.access import CrmAccess, crm_page
from kakehashi.crm.record_form.editing import Conflict, read_was, weigh
from kakehashi.crm.record_form.forms import RecordForm, chosen_lookups
from kakehashi.crm.record_form.queries import members_of, quick_urls
from kakehashi.crm.record_form.uploads import uploads_of
from kakehashi.crm.records.actions import update_record
from kakehashi.crm.records.models import Record
from kakehashi.crm.records.queries import (
    closed_records,
    find_editable,
    find_record,
    may_edit,
    names_for,
    record_names,
    values_of,
)
from kakehashi.ui.htmx import with_event

from .cards import field_row
from .files import previews

_TEMPLATES = "crm/record_page/templates"


@require_http_methods(["GET", "POST"])
@crm_page
def field(request: HttpRequest, access: CrmAccess, module_name: str, record_id: int, field_name: str) -> HttpResponse:
    """GET shows the row (`?show`) or its input; POST saves it: 422 with the reason beside it, 409 with theirs and mine."""
    record = find_record(access, module_name, record_id)
    module = access.schema[module_name]
    schema = module.fields.get(field_name)
    if schema is None or schema.is_read_only or schema.is_hidden:
        raise NotFound
    if "show" in request.GET:
        return _show_row(request, access, module, record, schema)
    record = find_editable(access, module_name, record_id)
    if request.method == "GET":
        return _show_input(request, access, record, _form(access, module, record, schema), schema)
    return _save(request, access, module, record, schema)


def _save(
    request: HttpRequest, access: CrmAccess, module: ModuleSchema, record: Record, schema: FieldSchema
) -> HttpResponse:
    form = _form(access, module, record, schema, request)
    if not form.is_valid():
        return _show_input(request, access, record, form, schema, status=422)
    edit = weigh(read_was(request.POST.get("was", ""), module), form.cleaned_data, values_of(record, module))
    if edit.conflicts:
        return _show_input(request, access, record, form, schema, status=409, conflict=edit.conflicts[0])
    try:
        record = update_record(record, values=edit.changes, actor=access.actor)
    except InvalidValues as refused:
        form.refuse(refused.by_field)
        return _show_input(request, access, record, form, schema, status=422)
    return with_event(_show_row(request, access, module, record, schema), "record-changed")


def _form(
    access: CrmAccess, module: ModuleSchema, record: Record, schema: FieldSchema, request: HttpRequest | None = None
) -> RecordForm:
    data = request.POST if request else None
    known = names_for([record], module, access)
    members = members_of(access)
    ids = chosen_lookups(module, data) if data else set()
    names = Names(
        {**known.records, **record_names(access.org.pk, ids)},
        {**known.people, **dict(members)},
        known.currency,
        known.closed | closed_records(access, ids),
    )
    return RecordForm(
        module,
        data=data,
        uploads=uploads_of(request, access),
        values=values_of(record, module),
        names=names,
        people=members,
        quick=quick_urls(access),
        only=[schema.api_name],
        previews=previews(module, record),
    )


def _show_row(
    request: HttpRequest, access: CrmAccess, module: ModuleSchema, record: Record, schema: FieldSchema
) -> HttpResponse:
    if "cell" in request.GET:
        return _show_cell(access, module, record, schema)
    row = field_row(access, module, record, schema, names_for([record], module, access))
    return render(request, f"{_TEMPLATES}/field.html", {"row": row})


def _show_cell(access: CrmAccess, module: ModuleSchema, record: Record, schema: FieldSchema) -> HttpResponse:
    """The same value as a list shows it (`?cell`)."""
    names = names_for([record], module, access)
    cell = record_cell(access.org.pk, record, module, schema.api_name, names, is_editable=may_edit(access, record))
    return HttpResponse(cell_html(cell) if cell else "")


def _show_input(
    request: HttpRequest,
    access: CrmAccess,
    record: Record,
    form: RecordForm,
    schema: FieldSchema,
    *,
    status: int = 200,
    conflict: Conflict | None = None,
) -> HttpResponse:
    kind = kind_of(schema)
    form.fields[schema.api_name].widget.attrs["data-focus"] = True
    context: dict[str, Any] = {
        "record": record,
        "bound": form[schema.api_name],
        "is_wide": kind.is_wide,
        "url": reverse("crm_field", args=[access.org.pk, form.module.api_name, record.pk, schema.api_name]),
        # After a conflict the next attempt is based on what they wrote: pressing save again is choosing mine.
        "was": form.was() if request.method == "GET" or conflict else request.POST.get("was", ""),
        "theirs": kind.display(conflict.theirs, schema, form.names) if conflict else None,
        "is_conflict": conflict is not None,
    }
    if "cell" in request.GET:
        return render(request, "crm/list_views/templates/cell_edit.html", context, status=status)
    return render(request, f"{_TEMPLATES}/field_edit.html", context, status=status)
