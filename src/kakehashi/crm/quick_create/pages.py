"""Creating a record in a small dialog, without leaving the page one is on."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kakehashi.core.errors import InvalidValues
from kakehashi.core.fields.kind import Names
from kakehashi.core.fields.types import FieldType
from kakehashi.crm.deals.rules import is_always_asked_for
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.access import CrmAccess, crm_page
from kakehashi.crm.record_form.forms import RecordForm, chosen_lookups
from kakehashi.crm.record_form.queries import members_of, quick_urls
from kakehashi.crm.records.actions import create_record
from kakehashi.crm.records.defaults import defaults_of
from kakehashi.crm.records.queries import closed_records, record_names
from kakehashi.ui.htmx import with_event, with_toast

_MOST_FIELDS = 8
_TELLING = ("Company", "Account_Name", "Email", "Phone", "Mobile", "Stage", "Amount", "Closing_Date", "Website")
_TOO_LARGE = (FieldType.RICHTEXT, FieldType.FILE, FieldType.IMAGE, FieldType.EMAILS, FieldType.PHONES)


@require_http_methods(["GET", "POST"])
@crm_page
def quick(request: HttpRequest, access: CrmAccess, module_name: str) -> HttpResponse:
    """GET answers the dialog, its name filled in with `?name`; POST creates, or shows the form again with 422."""
    module = access.schema[module_name]
    access.require("create_records", module)
    if request.method == "GET":
        form = _form(access, module, {**_beginning(access, module), **_named(module, request.GET.get("name", ""))})
        return _show(request, access, form, "dialog.html")
    form = _form(access, module, {}, request)
    if form.is_valid():
        try:
            values = {**_beginning(access, module), **form.cleaned_data}
            record = create_record(module, values=values, actor=access.actor)
        except InvalidValues as refused:
            form.refuse(refused.by_field)
        else:
            url = reverse("crm_record", args=[access.org.pk, module.api_name, record.pk])
            told = {"value": str(record.pk), "text": record.name, "url": url, "module": module.api_name}
            answer = with_event(HttpResponse(status=204), "record-created", told)
            return with_toast(answer, _("“%(name)s” was created.") % {"name": record.name})
    return _show(request, access, form, "form.html", status=422)


def quick_fields(module: ModuleSchema) -> list[str]:
    """What names it, what must be filled in, and what tells most of it."""
    shown = [
        field.api_name
        for field in module.fields.values()
        if not (field.is_read_only or field.is_hidden or field.type in _TOO_LARGE)
    ]
    required = [field.api_name for field in module.required if is_always_asked_for(field.api_name, module)]
    wanted = [*module.name_fields, *required, *_TELLING, *(name for name in module.columns if name != "Owner")]
    first = list(dict.fromkeys(name for name in wanted if name in shown))
    chosen = first[: max(_MOST_FIELDS, len({*module.name_fields, *required}))]
    return [*(name for name in required if name not in chosen), *chosen]


def _beginning(access: CrmAccess, module: ModuleSchema) -> dict[str, Any]:
    return {**defaults_of(module, person_id=access.person.pk), "Owner": access.person.pk}


def _named(module: ModuleSchema, text: str) -> dict[str, str]:
    """What was typed in a lookup, as the name: of a person in two words, family and first name in the order of the module's form."""
    text = text.strip()[:120]
    if not text:
        return {}
    if not module.is_person:
        return {module.name_fields[0]: text}
    order = [name for name in module.fields if name in module.name_fields]
    parts = text.split(maxsplit=1)
    return dict(zip(order, parts, strict=False)) if len(parts) == len(order) else {module.name_fields[0]: text}


def _form(
    access: CrmAccess, module: ModuleSchema, values: dict[str, Any], request: HttpRequest | None = None
) -> RecordForm:
    data = request.POST if request else None
    ids = chosen_lookups(module, values) | (chosen_lookups(module, data) if data else set())
    members = members_of(access)
    names = Names(record_names(access.org.pk, ids), dict(members), access.org.currency, closed_records(access, ids))
    only = quick_fields(module)
    form = RecordForm(
        module, data=data, values=values, names=names, people=members, only=only, quick=quick_urls(access)
    )
    form.auto_id = f"quick-{module.api_name}-%s"  # another form of the page may hold the same fields
    return form


def _show(
    request: HttpRequest, access: CrmAccess, form: RecordForm, template: str, *, status: int = 200
) -> HttpResponse:
    module = form.module
    address = [access.org.pk, module.api_name]
    by_name = {bound.name: bound for bound in form}
    context = {
        "form": form,
        "module": module,
        "fields": [by_name[name] for name in [*form.schemas] if name in by_name],
        "url": reverse("crm_quick", args=address),
        "new_url": reverse("crm_record_new", args=address),
        "duplicates_url": reverse("crm_duplicates", args=address),
    }
    return render(request, f"crm/quick_create/templates/{template}", context, status=status)
