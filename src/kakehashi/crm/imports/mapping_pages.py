"""The second step of an import: what its columns are, and how the file is read."""

from collections.abc import Mapping
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kakehashi.core.errors import InvalidValues, NotFound, Text
from kakehashi.core.fields.types import FieldType
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.access import CrmAccess, crm_page, find_access
from kakehashi.crm.orgs.workspace import render_module_page
from kakehashi.identity.people.models import Person
from kakehashi.ui.htmx import with_event, with_toast

from .actions import check_import, choices_of, guess_again, keep_choices, read_again, refusals_of
from .forms import NewFieldForm, choices_from
from .mapping import ENCODINGS, mapping_context
from .models import Import, ImportState
from .new_fields import guess_kind, make_field, samples_for
from .queries import find_import

TEMPLATES = "crm/imports/templates"


@require_http_methods(["GET", "POST"])
@crm_page
def mapping(request: HttpRequest, access: CrmAccess, import_id: int) -> HttpResponse:
    """Which column is which field, and what to do with records that are there already; POST begins the dry run."""
    source, module = find_import(access, import_id)
    if source.state not in (ImportState.MAPPING, ImportState.CHECKED):
        return redirect("crm_import", access.org.pk, source.pk)
    if request.method == "GET":
        return _show_mapping(request, access, source, module)
    choices = choices_from(request.POST, source, module)
    try:
        check_import(source, module=module, choices=choices, actor=access.actor)
    except InvalidValues as refused:
        source = keep_choices(source, module=module, choices=choices)
        return _show_mapping(request, access, source, module, refused.by_field)
    return redirect("crm_import", access.org.pk, source.pk)


@require_POST
@crm_page
def choices(request: HttpRequest, access: CrmAccess, import_id: int) -> HttpResponse:
    """Keep what was chosen so far, and show what follows from it."""
    source, module = find_import(access, import_id)
    source = keep_choices(source, module=module, choices=choices_from(request.POST, source, module))
    found = refusals_of(choices_of(source), module)
    shown = {place: words for place, words in found.items() if place.startswith(("column-", "match"))}
    context = _mapping_context(access, source, module, shown)
    return render(request, f"{TEMPLATES}/mapping_form.html", context)


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


@require_http_methods(["GET", "POST"])
@crm_page
def new_field(request: HttpRequest, access: CrmAccess, import_id: int, column: int) -> HttpResponse:
    """A dialog: make a field for a column. POST makes it and shows the columns again, the new field chosen."""
    source, module = find_import(access, import_id)
    access.require("customise_modules")
    columns = choices_of(source).columns
    if column >= len(columns):
        raise NotFound
    samples = samples_for(source, column)
    beginning = {"label": columns[column].header, "kind": guess_kind(samples)}
    form = NewFieldForm(request.POST or None, initial=beginning)
    if request.method == "POST" and form.is_valid():
        label, kind = form.cleaned_data["label"], FieldType(form.cleaned_data["kind"])
        try:
            source = make_field(source, module=module, index=column, label=label, kind=kind, access=access)
        except InvalidValues as refused:
            form.add_error("label", " ".join(map(str, refused.by_field.values())))
        else:
            return _show_columns(request, source, label)
    context = {
        "form": form,
        "samples": list(dict.fromkeys(samples))[:5],
        "header": columns[column].header,
        "url": reverse("crm_import_new_field", args=[access.org.pk, source.pk, column]),
    }
    template = "new_field_form.html" if request.method == "POST" else "new_field.html"
    return render(request, f"{TEMPLATES}/{template}", context, status=422 if request.method == "POST" else 200)


def _show_columns(request: HttpRequest, source: Import, label: str) -> HttpResponse:
    """The columns anew in the place of the old ones, whatever the dialog aimed at. The modules are as they are now."""
    access = find_access(cast("Person", request.user), source.org_id)
    context = _mapping_context(access, source, access.schema.by_id[source.module_id], {})
    answer = with_event(render(request, f"{TEMPLATES}/mapping_form.html", context), "close-dialog")
    answer.headers["HX-Retarget"], answer.headers["HX-Reswap"] = "#mapping", "outerHTML"
    return with_toast(answer, _("“%(name)s” was created.") % {"name": label})


def _show_mapping(
    request: HttpRequest,
    access: CrmAccess,
    source: Import,
    module: ModuleSchema,
    refusals: Mapping[str, Text] | None = None,
) -> HttpResponse:
    context = _mapping_context(access, source, module, refusals or {})
    template, status = f"{TEMPLATES}/mapping.html", 422 if refusals else 200
    return render_module_page(request, access, module, template, context, status=status)


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
