"""Settings > Modules and fields: the fields of one module."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kakehashi.core.errors import InvalidValues, NotFound, ProductError, StaleVersion
from kakehashi.core.fields.types import FieldType
from kakehashi.crm.formulas.functions import FUNCTIONS, OPERATORS
from kakehashi.crm.modules.models import Field, Module
from kakehashi.crm.modules.queries import schema_of
from kakehashi.crm.orgs.access import CrmAccess, crm_page
from kakehashi.crm.settings.pages import render_settings
from kakehashi.ui.htmx import with_toast

from .fields import (
    change_field,
    create_field,
    place_field,
)
from .forms import FieldForm
from .leaving import hide_field, purge_field, put_back_field, remove_field, show_field
from .module_pages import KEY, PERMISSION, TEMPLATES, number_sent, place_before, show_layout, version_to_carry
from .queries import fields_in, find_field, find_own_module, usable_in_formulas
from .sections import sections_of

T = FieldType
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
    return render_field_page(request, access, module, "field_types.html", {"types": rows})


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
    found = live_field(module, field_id)
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
        field = live_field(module, number_sent(request, "item"))
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
        hide_field(live_field(module, field_id), actor=access.actor)
    except InvalidValues as refused:
        return with_toast(show_layout(request, access, module), next(iter(refused.by_field.values())))
    return show_layout(request, access, module)


@require_POST
@crm_page
def showing(request: HttpRequest, access: CrmAccess, module_name: str, field_id: int) -> HttpResponse:
    access.require(PERMISSION)
    module = find_own_module(access.org, module_name)
    show_field(live_field(module, field_id), actor=access.actor)
    return show_layout(request, access, module)


@require_POST
@crm_page
def removal(request: HttpRequest, access: CrmAccess, module_name: str, field_id: int) -> HttpResponse:
    access.require(PERMISSION)
    module = find_own_module(access.org, module_name)
    try:
        removed = remove_field(live_field(module, field_id), actor=access.actor)
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


def live_field(module: Module, field_id: int) -> Field:
    found = find_field(module, field_id)
    if found.removed_at:
        raise NotFound
    return found


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
    return render_field_page(request, access, module, "field_form.html", context, status=status)


def render_field_page(
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
