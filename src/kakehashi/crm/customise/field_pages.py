"""Settings > Modules and fields: the fields of one module."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kakehashi.core.errors import InvalidValues, NotFound, ProductError, StaleVersion
from kakehashi.core.fields.schema import FieldSchema
from kakehashi.core.fields.types import FieldType
from kakehashi.crm.formulas.formula import read_formula
from kakehashi.crm.formulas.functions import FUNCTIONS, OPERATORS
from kakehashi.crm.formulas.parsing import FormulaProblem
from kakehashi.crm.modules.models import Field, Module
from kakehashi.crm.modules.queries import schema_of
from kakehashi.crm.orgs.access import CrmAccess, crm_page
from kakehashi.crm.records.queries import names_for, visible_records
from kakehashi.crm.settings.pages import render_settings
from kakehashi.ui.htmx import with_toast

from .abilities import CONVERSIONS, conversion_refusal
from .fields import (
    change_field,
    change_type,
    create_field,
    hide_field,
    place_field,
    purge_field,
    put_back_field,
    remove_field,
    show_field,
)
from .forms import RESULTS, FieldForm
from .module_pages import KEY, PERMISSION, TEMPLATES, number_sent, place_before, show_layout, version_to_carry
from .queries import fields_in, find_field, find_own_module, shown_value, usable_in_formulas
from .sections import sections_of
from .standing import empty_records, repeated_ids

T = FieldType
_SHOWN = 100
_HINTS = {
    T.TEXT: gettext_lazy("One line of words, up to 255 letters"),
    T.TEXTAREA: gettext_lazy("Several lines of plain words"),
    T.RICHTEXT: gettext_lazy("Words with bold type, lists and links"),
    T.EMAIL: gettext_lazy("An address; records are found and matched by it"),
    T.PHONE: gettext_lazy("A number, found by any part of it"),
    T.URL: gettext_lazy("A web address that can be opened"),
    T.INTEGER: gettext_lazy("1, 20, 300"),
    T.DECIMAL: gettext_lazy("Numbers with decimal places"),
    T.CURRENCY: gettext_lazy("Money in the organisation's currency"),
    T.PERCENT: gettext_lazy("A share, shown with %"),
    T.DATE: gettext_lazy("A day"),
    T.DATETIME: gettext_lazy("A day and a time"),
    T.BOOLEAN: gettext_lazy("Yes or no"),
    T.PICKLIST: gettext_lazy("One of several choices"),
    T.MULTIPICKLIST: gettext_lazy("Any number of choices"),
    T.LOOKUP: gettext_lazy("Another record, such as an account"),
    T.MULTILOOKUP: gettext_lazy("Several records of one module"),
    T.OWNER: gettext_lazy("A member of the organisation"),
    T.AUTONUMBER: gettext_lazy("Counts up by itself: A-00017"),
    T.FILE: gettext_lazy("A document, up to the size that attachments may have"),
    T.IMAGE: gettext_lazy("A picture that the record shows"),
    T.FORMULA: gettext_lazy("Follows from other fields of the record"),
}


@require_GET
@crm_page
def types(request: HttpRequest, access: CrmAccess, module_name: str) -> HttpResponse:
    """What a new field is to hold."""
    access.require(PERMISSION)
    module = find_own_module(access.org, module_name)
    section = request.GET.get("section", "")
    rows = [
        {
            "label": kind.label,
            "hint": _HINTS[kind],
            "url": _url("crm_module_field_new", module, kind.value) + (f"?section={section}" if section else ""),
        }
        for kind in _HINTS
    ]
    return _render(request, access, module, "field_types.html", {"types": rows})


@require_http_methods(["GET", "POST"])
@crm_page
def new(request: HttpRequest, access: CrmAccess, module_name: str, kind: str) -> HttpResponse:
    access.require(PERMISSION)
    module = find_own_module(access.org, module_name)
    if kind not in FieldType.values:
        raise NotFound
    form = FieldForm(module, FieldType(kind), request.POST or None)
    form.fields["section"].initial = request.GET.get("section") or sections_of(module)[0]["key"]
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            field = create_field(
                module,
                draft=form.draft(),
                kind=FieldType(kind),
                section=values["section"],
                api_name=values["api_name"],
                start=values.get("start", 1),
                actor=access.actor,
            )
        except InvalidValues as refused:
            _put_beside(form, refused)
        else:
            messages.success(request, _("“%(name)s” was created.") % {"name": field.label})
            return redirect("crm_module", access.org.pk, module.api_name)
    return _show_form(request, access, module, form, heading=_("New field"))


@require_http_methods(["GET", "POST"])
@crm_page
def field(request: HttpRequest, access: CrmAccess, module_name: str, field_id: int) -> HttpResponse:
    access.require(PERMISSION)
    module = find_own_module(access.org, module_name)
    found = _live(module, field_id)
    form = FieldForm(module, FieldType(found.type), request.POST or None, field=found)
    is_stale = False
    if request.method == "POST" and form.is_valid():
        try:
            change_field(found, draft=form.draft(), version=number_sent(request, "version"), actor=access.actor)
        except StaleVersion:
            is_stale = True
        except InvalidValues as refused:
            _put_beside(form, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("crm_module", access.org.pk, module.api_name)
    label = schema_of(access.org)[module_name].fields[found.api_name].label
    return _show_form(
        request,
        access,
        module,
        form,
        heading=str(label),
        is_stale=is_stale,
        version=version_to_carry(request, found.version, is_stale),
    )


@require_POST
@crm_page
def place(request: HttpRequest, access: CrmAccess, module_name: str) -> HttpResponse:
    """One field into a section, before another field or last."""
    access.require(PERMISSION)
    module = find_own_module(access.org, module_name)
    section = request.POST.get("list", "")
    if section in [one["key"] for one in sections_of(module)]:
        field = _live(module, number_sent(request, "item"))
        before = place_before([one.pk for one in fields_in(module, section)], field.pk, request)
        place_field(
            field,
            section=section,
            before=find_field(module, before) if before else None,
            actor=access.actor,
        )
    return show_layout(request, access, module)


@require_POST
@crm_page
def hiding(request: HttpRequest, access: CrmAccess, module_name: str, field_id: int) -> HttpResponse:
    access.require(PERMISSION)
    module = find_own_module(access.org, module_name)
    try:
        hide_field(_live(module, field_id), actor=access.actor)
    except InvalidValues as refused:
        return with_toast(show_layout(request, access, module), next(iter(refused.by_field.values())))
    return show_layout(request, access, module)


@require_POST
@crm_page
def showing(request: HttpRequest, access: CrmAccess, module_name: str, field_id: int) -> HttpResponse:
    access.require(PERMISSION)
    module = find_own_module(access.org, module_name)
    show_field(_live(module, field_id), actor=access.actor)
    return show_layout(request, access, module)


@require_POST
@crm_page
def removal(request: HttpRequest, access: CrmAccess, module_name: str, field_id: int) -> HttpResponse:
    access.require(PERMISSION)
    module = find_own_module(access.org, module_name)
    try:
        removed = remove_field(_live(module, field_id), actor=access.actor)
    except ProductError as refused:
        return with_toast(show_layout(request, access, module), refused.message)
    said = _("“%(name)s” was removed. Its values are kept.") % {"name": removed.label}
    return with_toast(show_layout(request, access, module), said)


@require_POST
@crm_page
def giving_back(request: HttpRequest, access: CrmAccess, module_name: str, field_id: int) -> HttpResponse:
    access.require(PERMISSION)
    module = find_own_module(access.org, module_name)
    was_unique = find_field(module, field_id).is_unique
    back = put_back_field(find_field(module, field_id), actor=access.actor)
    said = _("“%(name)s” is back.") % {"name": back.label}
    if was_unique and not back.is_unique:
        said = _("“%(name)s” is back, but no longer unique: records share values by now.") % {"name": back.label}
    return with_toast(show_layout(request, access, module), said)


@require_POST
@crm_page
def purge(request: HttpRequest, access: CrmAccess, module_name: str, field_id: int) -> HttpResponse:
    """Its label has to be typed."""
    access.require(PERMISSION)
    module = find_own_module(access.org, module_name)
    found = find_field(module, field_id)
    if request.POST.get("typed", "").strip() == (found.label or found.api_name):
        purge_field(found, actor=access.actor)
        messages.success(request, _("“%(name)s” was purged.") % {"name": found.label or found.api_name})
    return redirect("crm_module", access.org.pk, module.api_name)


@require_http_methods(["GET", "POST"])
@crm_page
def change_of_type(request: HttpRequest, access: CrmAccess, module_name: str, field_id: int) -> HttpResponse:
    access.require(PERMISSION)
    module = find_own_module(access.org, module_name)
    found = _live(module, field_id)
    refusal = ""
    if request.method == "POST":
        try:
            change_type(found, to=_type_named(request), version=number_sent(request, "version"), actor=access.actor)
        except InvalidValues as refused:
            refusal = str(refused.by_field["type"])
        except StaleVersion as stale:
            refusal = str(stale.message)
        else:
            messages.success(request, _("Saved."))
            return redirect("crm_module", access.org.pk, module.api_name)
    offered = CONVERSIONS.get(FieldType(found.type), {})
    context = {
        "label": schema_of(access.org)[module_name].fields[found.api_name].label,
        "type_label": FieldType(found.type).label,
        "types": [
            {"key": kind.value, "label": kind.label, "refusal": conversion_refusal(found, kind)}
            for kind in FieldType
            if kind != found.type
        ],
        "chosen": next(iter(offered), ""),
        "refusal": refusal,
        "version": found.version,
    }
    return _render(request, access, module, "field_type.html", context, status=422 if refusal else 200)


@require_GET
@crm_page
def obstacles(request: HttpRequest, access: CrmAccess, module_name: str, field_id: int) -> HttpResponse:
    """The records that stand in the way of a rule, those that this person may see."""
    access.require(PERMISSION)
    module = find_own_module(access.org, module_name)
    found = _live(module, field_id)
    schema = schema_of(access.org)[module_name]
    label = schema.fields[found.api_name].label
    records = visible_records(access, schema)
    if request.GET.get("rule") == "required":
        heading = _("Records with nothing in “%(field)s”") % {"field": label}
        records = records.filter(pk__in=empty_records(found).values("pk"))
    else:
        heading = _("Records that share a value in “%(field)s”") % {"field": label}
        records = records.filter(pk__in=repeated_ids(found))
    shown = sorted(records[:_SHOWN], key=lambda one: (str(one.values.get(found.api_name, "")), one.name))
    names = names_for(shown, schema)
    rows = [
        (
            one.name,
            reverse("crm_record", args=[access.org.pk, module.api_name, one.pk]),
            shown_value(one.values.get(found.api_name), schema.fields[found.api_name], names),
        )
        for one in shown
    ]
    context = {"rows": rows, "count": records.count(), "heading": heading, "label": label}
    return _render(request, access, module, "obstacles.html", context)


@require_POST
@crm_page
def formula(request: HttpRequest, access: CrmAccess, module_name: str) -> HttpResponse:
    """While an administrator types: what is wrong with a formula, or what it gives for the latest records."""
    access.require(PERMISSION)
    schema = schema_of(access.org)[module_name]
    text = request.POST.get("expression", "")
    template = f"{TEMPLATES}/formula_check.html"
    try:
        read = read_formula(text, schema.fields)
    except FormulaProblem as problem:
        at = problem.position
        context: dict[str, Any] = {"problem": problem.reason.sentence, "before": text[:at], "after": text[at : at + 20]}
        return render(request, template, context)
    like = FieldSchema(0, "", "", RESULTS[read.returns])
    latest = list(visible_records(access, schema).order_by("-modified_at", "-pk")[:3])
    names = names_for(latest, schema)
    decimals = min(number_sent(request, "decimals"), 6)
    samples = [(one.name, shown_value(read.result(one.values, decimals=decimals), like, names)) for one in latest]
    return render(request, template, {"returns": RESULTS[read.returns].label, "samples": samples})


def _live(module: Module, field_id: int) -> Field:
    found = find_field(module, field_id)
    if found.removed_at:
        raise NotFound
    return found


def _type_named(request: HttpRequest) -> FieldType:
    name = request.POST.get("type", "")
    if name not in FieldType.values:
        raise InvalidValues({"type": _("Choose a type.")})
    return FieldType(name)


def _show_form(
    request: HttpRequest, access: CrmAccess, module: Module, form: FieldForm, *, heading: str, **more: Any
) -> HttpResponse:
    refused = next((name for name in ("is_required", "is_unique") if name in form.errors), "")
    is_formula = form.kind == FieldType.FORMULA
    context = {
        "form": form,
        "heading": heading,
        "type_label": form.kind.label,
        "asks_for_gaps": "is_required" in form.errors,
        "check_url": _url("crm_module_formula", module) if is_formula and "expression" in form.fields else "",
        "functions": ", ".join(sorted(name for name in FUNCTIONS if name not in (*OPERATORS, "and", "or", "not"))),
        "usable": usable_in_formulas(form.schema) if is_formula else (),
        **more,
    }
    if refused and form.field:
        rule = refused.removeprefix("is_")
        context["obstacles_url"] = _url("crm_module_field_obstacles", module, form.field.pk) + f"?rule={rule}"
    status = 409 if more.get("is_stale") else 422 if request.method == "POST" else 200
    return _render(request, access, module, "field_form.html", context, status=status)


def _render(
    request: HttpRequest,
    access: CrmAccess,
    module: Module,
    template: str,
    context: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    frame = {
        "module": schema_of(access.org)[module.api_name],
        "modules_url": reverse("crm_modules", args=[access.org.pk]),
        "module_url": _url("crm_module", module),
    }
    return render_settings(request, access, f"{TEMPLATES}/{template}", KEY, {**frame, **context}, status=status)


def _put_beside(form: FieldForm, refused: InvalidValues) -> None:
    for name, sentence in refused.by_field.items():
        form.add_error(name if name in form.fields else None, str(sentence))


def _url(name: str, module: Module, *more: Any) -> str:
    return reverse(name, args=[module.org_id, module.api_name, *more])
