"""Lists of records."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from kakehashi.core.errors import InvalidValues, NotAllowed, Text
from kakehashi.crm.fields.kind import Names
from kakehashi.crm.fields.registry import kind_of
from kakehashi.crm.fields.types import FieldType
from kakehashi.crm.list_layouts.choosing import choose_layout, layout_links
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.access import CrmAccess, crm_page, who_can
from kakehashi.crm.orgs.workspace import workspace_of
from kakehashi.crm.record_form.queries import members_of
from kakehashi.crm.records.actions import delete_records, restore_records
from kakehashi.crm.records.models import Record
from kakehashi.crm.records.queries import (
    closed_records,
    deletable_records,
    find_record,
    names_for,
    record_names,
    restorable_records,
    visible_records,
)
from kakehashi.ui.htmx import is_fragment, with_toast
from kakehashi.ui.shell.workspace import render_page

from .cells import Cell, row_cells
from .queries import COUNTED_ROWS, ListChoice, column_labels, filtered_records, list_records, read_choice, sortable

_TEMPLATES = "crm/list_views/templates"
_MOST_AT_ONCE = 200


@require_GET
@crm_page
def home(request: HttpRequest, access: CrmAccess) -> HttpResponse:
    """To the contacts, or to the first tab there is."""
    visible = [module.api_name for module in access.schema if module.is_visible]
    if not visible:
        raise NotAllowed(_("Your profile opens no module."), who_can=who_can(access.org, "manage_people"))
    return redirect("crm_list", access.org.pk, "Contacts" if "Contacts" in visible else visible[0])


@require_GET
@crm_page
def records(request: HttpRequest, access: CrmAccess, module_name: str) -> HttpResponse:
    module = access.schema[module_name]
    choice = read_choice(request.GET, module)
    layout = choose_layout(request, access, module)
    context = _frame(access, module, choice, request)
    if layout:
        context["laid_out"] = layout.render(request, access, module, filtered_records(access, module, choice))
    else:
        context |= _table(access, module, choice)
    if is_fragment(request):
        return HttpResponse(context["laid_out"]) if layout else render(request, f"{_TEMPLATES}/rows.html", context)
    context["layouts"] = layout_links(request, module, layout)
    return render_page(
        request,
        f"{_TEMPLATES}/list.html",
        context,
        workspace=workspace_of(access),
        active=module.api_name,
    )


@require_GET
@crm_page
def row(request: HttpRequest, access: CrmAccess, module_name: str, record_id: int) -> HttpResponse:
    """One line of a list again, after somebody changed its record."""
    module = access.schema[module_name]
    record = find_record(access, module_name, record_id)
    _, url, cells = _row(access, module, record, names_for([record], module, access))
    context = {"record": record, "url": url, "cells": cells, "may_delete": access.may("delete_records", module)}
    return render(request, "crm/list_views/templates/row.html", context)


@require_POST
@crm_page
def deletion(request: HttpRequest, access: CrmAccess, module_name: str) -> HttpResponse:
    """The chosen rows into the recycle bin, with a way back."""
    module = access.schema[module_name]
    access.require("delete_records", module)
    allowed = deletable_records(access, module).filter(pk__in=_chosen(request))
    gone = delete_records(module, record_ids=list(allowed.values_list("pk", flat=True)), actor=access.actor)
    if gone:
        undo = reverse("crm_restoration", args=[access.org.pk, module.api_name])
        said = ngettext("%(count)d record was deleted.", "%(count)d records were deleted.", len(gone))
        ids = urlencode({"selected": gone}, doseq=True)
        messages.success(request, said % {"count": len(gone)}, extra_tags=f"{undo}?{ids}")
    return redirect(_back(request, access, module))


@require_POST
@crm_page
def restoration(request: HttpRequest, access: CrmAccess, module_name: str) -> HttpResponse:
    """Back from the recycle bin: the undo of a deletion."""
    module = access.schema[module_name]
    access.require("delete_records", module)
    allowed = restorable_records(access, module).filter(pk__in=_chosen(request))
    ids = list(allowed.values_list("pk", flat=True))
    refused = restore_records(module, record_ids=ids, actor=access.actor)
    if is_fragment(request):
        return _undone(refused)
    for reason in refused:
        messages.error(request, str(reason))
    if len(ids) == 1 and visible_records(access, module).filter(pk=ids[0]).exists():
        return redirect("crm_record", access.org.pk, module.api_name, ids[0])
    return redirect(_back(request, access, module))


def _undone(refused: Sequence[InvalidValues]) -> HttpResponse:
    """For the toast's button, which puts nothing into the page: what could not come back is said in another toast."""
    response = HttpResponse(status=204)
    return with_toast(response, " ".join(str(reason) for reason in refused)) if refused else response


def _chosen(request: HttpRequest) -> list[int]:
    sent = request.POST.getlist("selected") or request.GET.getlist("selected")
    return [int(text) for text in sent[:_MOST_AT_ONCE] if text.isdecimal() and len(text) < 19]


def _back(request: HttpRequest, access: CrmAccess, module: ModuleSchema) -> str:
    query = request.POST.get("query", "")
    address = reverse("crm_list", args=[access.org.pk, module.api_name])
    return f"{address}?{query}" if query else address


def _table(access: CrmAccess, module: ModuleSchema, choice: ListChoice) -> dict[str, Any]:
    page = list_records(access, module, choice)
    names = names_for(page.records, module, access)
    return {
        "page": page,
        "rows": [_row(access, module, record, names) for record in page.records],
    }


def _frame(access: CrmAccess, module: ModuleSchema, choice: ListChoice, request: HttpRequest) -> dict[str, Any]:
    """What stands around the records, however they are laid out."""
    return {
        "module": module,
        "access": access,
        "choice": choice,
        "counted_rows": COUNTED_ROWS,
        "columns": [
            (name, label, name in sortable(module), kind_of(module.fields[name]).is_number)
            for name, label in column_labels(module)
        ],
        "filters": _filters(access, module, choice),
        "members": members_of(access),
        "list_url": reverse("crm_list", args=[access.org.pk, module.api_name]),
        "new_url": reverse("crm_record_new", args=[access.org.pk, module.api_name]),
        "import_url": reverse("crm_import_new", args=[access.org.pk, module.api_name]),
        "merge_url": reverse("crm_merge_new", args=[access.org.pk, module.api_name]),
        "may_merge": access.may("edit_records", module) and access.may("delete_records", module),
        "deletion_url": reverse("crm_deletion", args=[access.org.pk, module.api_name]),
        "query": request.GET.urlencode(),
        "sorts": _sorts(module),
        "empty_sentence": _("There are no %(module)s yet.") % {"module": module.plural},
        "may_create": access.may("create_records", module),
        "may_import": access.may("import_records", module),
        "may_delete": access.may("delete_records", module),
    }


def _row(access: CrmAccess, module: ModuleSchema, record: Record, names: Names) -> tuple[Record, str, list[Cell]]:
    url = reverse("crm_record", args=[access.org.pk, module.api_name, record.pk])
    return record, url, row_cells(access.org.pk, record, module, names)


def _sorts(module: ModuleSchema) -> list[tuple[str, Text]]:
    """The orders that a phone, which shows no table head, offers too."""
    return [
        ("-modified", _("Last changed first")),
        ("-created", _("Newest first")),
        ("created", _("Oldest first")),
        ("name", _("By name")),
        *((name, label) for name, label in column_labels(module) if name in sortable(module)),
        *((f"-{name}", f"{label} ↓") for name, label in column_labels(module) if name in sortable(module)),
    ]


def _filters(access: CrmAccess, module: ModuleSchema, choice: ListChoice) -> list[dict[str, Any]]:
    """The pick lists among the columns as drop-downs, and whatever else the address filters by."""
    shown = [
        name for name in module.columns if name in module.fields and module.fields[name].type == FieldType.PICKLIST
    ]
    rows: list[dict[str, Any]] = [
        {"name": name, "label": module.fields[name].label, "choices": module.fields[name].choices,
         "chosen": choice.values.get(name, "")}
        for name in shown
    ]  # fmt: skip
    lookups = {name: int(value) for name, value in choice.values.items() if name not in shown and value.isdecimal()}
    names, closed = record_names(access.org.pk, lookups.values()), closed_records(access, lookups.values())
    rows += [
        {
            "name": name,
            "label": module.fields[name].label,
            "fixed": _("(deleted)") if record_id in closed else names.get(record_id, _("(deleted)")),
            "chosen": record_id,
        }
        for name, record_id in lookups.items()
    ]
    return rows
