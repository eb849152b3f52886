"""Creating and editing a record on a page of its own, and what the form asks for while a person types."""

from collections.abc import Container, Mapping, Sequence
from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from kakehashi.core.errors import InvalidValues
from kakehashi.core.fields.kind import Names
from kakehashi.core.fields.reasons import ValueRefused
from kakehashi.core.fields.registry import clean_value, kind_of
from kakehashi.core.fields.types import FieldType
from kakehashi.core.ids import id_in, is_id
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.access import CrmAccess, crm_page
from kakehashi.crm.orgs.workspace import render_module_page
from kakehashi.crm.records.actions import create_record, update_record
from kakehashi.crm.records.defaults import defaults_of
from kakehashi.crm.records.models import Record
from kakehashi.crm.records.queries import (
    closed_records,
    find_editable,
    person_names,
    record_names,
    values_of,
    visible_records,
)

from .editing import Conflict, read_was, weigh
from .forms import RecordForm, chosen_lookups
from .queries import choices_for, find_duplicates, members_of, quick_urls
from .uploads import uploads_of


@require_http_methods(["GET", "POST"])
@crm_page
def new(request: HttpRequest, access: CrmAccess, module_name: str) -> HttpResponse:
    module = access.schema[module_name]
    access.require("create_records", module)
    if request.method == "POST":
        return _create(request, access, module)
    values = defaults_of(module, person_id=access.person.pk)
    form = _form(access, module, {**values, "Owner": access.person.pk, **_given(request, access, module)})
    next(iter(form.fields.values())).widget.attrs["data-focus"] = True
    return _show(request, access, form, None, status=200)


@require_http_methods(["GET", "POST"])
@crm_page
def edit(request: HttpRequest, access: CrmAccess, module_name: str, record_id: int) -> HttpResponse:
    record = find_editable(access, module_name, record_id)
    module = access.schema[module_name]
    if request.method == "POST":
        return _update(request, access, module, record)
    return _show(request, access, _form(access, module, values_of(record, module)), record, status=200)


@require_GET
@crm_page
def choices(request: HttpRequest, access: CrmAccess, module_name: str) -> HttpResponse:
    """For lookup fields: what can be chosen for the text typed so far."""
    module = access.schema[module_name]
    found = choices_for(access, module, request.GET.get("q", ""))
    return JsonResponse(
        [{"value": str(record.pk), "text": record.name, "hint": _hint(record, module)} for record in found], safe=False
    )


@require_GET
@crm_page
def duplicates(request: HttpRequest, access: CrmAccess, module_name: str) -> HttpResponse:
    """A soft warning below the form: somebody like this is here already."""
    module = access.schema[module_name]
    own = request.GET.get("record", "")
    found = find_duplicates(access, module, request.GET, except_id=id_in(own))
    rows = [
        (record, reverse("crm_record", args=[access.org.pk, module.api_name, record.pk]), _hint(record, module))
        for record in found
    ]
    context = {"rows": rows, "module": module, "merge_url": _merge_url(access, module, own, found)}
    return render(request, "crm/record_form/templates/duplicates.html", context)


def _merge_url(access: CrmAccess, module: ModuleSchema, own: str, found: Sequence[Record]) -> str:
    """For a record that is there already; a new one is best not created at all."""
    if not is_id(own) or not (access.may("edit_records", module) and access.may("delete_records", module)):
        return ""
    query = urlencode({"selected": [int(own), *(record.pk for record in found)]}, doseq=True)
    return f"{reverse('crm_merge_new', args=[access.org.pk, module.api_name])}?{query}"


def _given(request: HttpRequest, access: CrmAccess, module: ModuleSchema) -> dict[str, Any]:
    """What the address says of the new record, as far as it makes sense; no record that this person may not see."""
    given: dict[str, Any] = {}
    for name, value in request.GET.items():
        if name in module.fields:
            with suppress(ValueRefused):
                given[name] = clean_value(value, module.fields[name])
    closed = closed_records(access, chosen_lookups(module, given))
    return {name: value for name, value in given.items() if not _names_one_of(value, closed)}


def _names_one_of(value: Any, closed: Container[int]) -> bool:
    return any(one in closed for one in value) if isinstance(value, list) else value in closed


def _create(request: HttpRequest, access: CrmAccess, module: ModuleSchema) -> HttpResponse:
    form = _form(access, module, {}, request)
    if form.is_valid():
        try:
            record = create_record(module, values=form.cleaned_data, actor=access.actor)
        except InvalidValues as refused:
            form.refuse(refused.by_field)
        else:
            messages.success(request, _("“%(name)s” was created.") % {"name": record.name})
            if "again" in request.POST:
                return redirect("crm_record_new", access.org.pk, module.api_name)
            return _after_saving(access, module, record)
    return _show(request, access, form, None, status=422)


def _update(request: HttpRequest, access: CrmAccess, module: ModuleSchema, record: Record) -> HttpResponse:
    theirs = values_of(record, module)
    form = _form(access, module, theirs, request)
    if not form.is_valid():
        return _show(request, access, form, record, status=422)
    taken = {name: theirs.get(name) for name in form.schemas if request.POST.get(f"take-{name}") == "theirs"}
    edit = weigh(read_was(request.POST.get("was", ""), module), {**form.cleaned_data, **taken}, theirs)
    if edit.conflicts:
        return _show(request, access, form, record, status=409, conflicts=edit.conflicts)
    try:
        update_record(record, values=edit.changes, actor=access.actor)
    except InvalidValues as refused:
        form.refuse(refused.by_field)
        return _show(request, access, form, record, status=422)
    messages.success(request, _("Saved."))
    return _after_saving(access, module, record)


def _after_saving(access: CrmAccess, module: ModuleSchema, record: Record) -> HttpResponse:
    """To the record, unless it was given to somebody whose records this person does not see."""
    if not visible_records(access, module).filter(pk=record.pk).exists():
        return redirect("crm_list", access.org.pk, module.api_name)
    return redirect("crm_record", access.org.pk, module.api_name, record.pk)


def _form(
    access: CrmAccess, module: ModuleSchema, values: Mapping[str, Any], request: HttpRequest | None = None
) -> RecordForm:
    data = request.POST if request else None
    ids = chosen_lookups(module, values) | (chosen_lookups(module, data) if data else set())
    members = members_of(access)
    owner = values.get("Owner")
    people = dict(members) | person_names([owner] if owner and owner not in dict(members) else [])
    names = Names(record_names(access.org.pk, ids), people, access.org.currency, closed_records(access, ids))
    return RecordForm(
        module,
        data=data,
        uploads=uploads_of(request, access),
        values=values,
        names=names,
        people=members,
        quick=quick_urls(access),
    )


def _show(
    request: HttpRequest,
    access: CrmAccess,
    form: RecordForm,
    record: Record | None,
    *,
    status: int,
    conflicts: tuple[Conflict, ...] = (),
) -> HttpResponse:
    module = form.module
    context = {
        "form": form,
        "parts": list(form.parts()),
        "module": module,
        "record": record,
        "was": request.POST.get("was", "") if request.method == "POST" and not conflicts else form.was(),
        "conflicts": [_conflict_row(conflict, form) for conflict in conflicts],
        "list_url": reverse("crm_list", args=[access.org.pk, module.api_name]),
        "record_url": reverse("crm_record", args=[access.org.pk, module.api_name, record.pk]) if record else "",
        "duplicates_by": ",".join([*module.name_fields, *_telling(module)]),
        "duplicates_url": reverse("crm_duplicates", args=[access.org.pk, module.api_name]),
    }
    template = "crm/record_form/templates/form.html"
    return render_module_page(request, access, module, template, context, status=status)


def _telling(module: ModuleSchema) -> list[str]:
    return [field.api_name for field in module.fields_of(FieldType.EMAIL, FieldType.PHONE)]


def _conflict_row(conflict: Conflict, form: RecordForm) -> dict[str, Any]:
    field = form.module.fields[conflict.field]
    kind = kind_of(field)
    shown = {
        side: kind.display(value, field, form.names)
        for side, value in (("theirs", conflict.theirs), ("mine", conflict.mine))
    }
    return {"name": conflict.field, "label": field.label, **shown}


def _hint(record: Record, module: ModuleSchema) -> str:
    """What tells two records of one name apart."""
    values = values_of(record, module)
    parts = [values.get(name) for name in ("Email", "Phone", "Company", "Product_Code", "Billing_City", "Stage")]
    return " · ".join(str(part) for part in parts if part)[:80]
