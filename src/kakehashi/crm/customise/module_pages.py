"""Settings > Modules and fields: the modules of an org, and the sections of one."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kakehashi.core.errors import InvalidValues, StaleVersion
from kakehashi.core.ids import id_in
from kakehashi.crm.modules.models import Module
from kakehashi.crm.modules.queries import schema_of
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.access import CrmAccess, crm_page
from kakehashi.crm.settings.pages import render_settings
from kakehashi.crm.tabs.queries import tab_rows
from kakehashi.ui.htmx import is_fragment, with_toast

from .module_forms import ModuleForm
from .modules import (
    change_module,
    create_module,
    hide_module,
    order_modules,
    purge_module,
    put_back_module,
    remove_module,
    show_module,
)
from .queries import (
    find_own_module,
    find_removed_module,
    layout_of,
    module_rows,
    removed_field_rows,
    removed_module_rows,
)

TEMPLATES = "crm/customise/templates"
KEY = "modules"
PERMISSION = "customise_modules"


@require_GET
@crm_page
def modules(request: HttpRequest, access: CrmAccess) -> HttpResponse:
    access.require(PERMISSION)
    return show_modules(request, access)


@require_http_methods(["GET", "POST"])
@crm_page
def new(request: HttpRequest, access: CrmAccess) -> HttpResponse:
    access.require(PERMISSION)
    form = ModuleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            module = create_module(access.org, **form.cleaned_data, actor=access.actor)
        except InvalidValues as refused:
            _put_beside(form, refused)
        else:
            messages.success(request, _("“%(name)s” was created.") % {"name": module.plural_label})
            return redirect("crm_module", access.org.pk, module.api_name)
    return _show_form(request, access, form, _("New module"), reverse("crm_modules", args=[access.org.pk]))


@require_POST
@crm_page
def order(request: HttpRequest, access: CrmAccess) -> HttpResponse:
    """One module before another, or last."""
    access.require(PERMISSION)
    ids = [module.id for module in schema_of(access.org)]
    item = number_sent(request, "item")
    if item in ids:
        before = place_before(ids, item, request)
        ids.remove(item)
        ids.insert(ids.index(before) if before in ids else len(ids), item)
        order_modules(access.org, module_ids=ids, actor=access.actor)
    return show_modules(request, access)


@require_GET
@crm_page
def module(request: HttpRequest, access: CrmAccess, module_name: str) -> HttpResponse:
    access.require(PERMISSION)
    return show_layout(request, access, find_own_module(access.org, module_name))


@require_http_methods(["GET", "POST"])
@crm_page
def words(request: HttpRequest, access: CrmAccess, module_name: str) -> HttpResponse:
    """What a module is called, and its picture."""
    access.require(PERMISSION)
    found = find_own_module(access.org, module_name)
    schema = schema_of(access.org)[module_name]
    form = ModuleForm(request.POST or None, module=schema)
    is_stale = False
    if request.method == "POST" and form.is_valid():
        values = _without_standard_words(form.cleaned_data, found, schema)
        try:
            change_module(found, **values, version=number_sent(request, "version"), actor=access.actor)
        except StaleVersion:
            is_stale = True
        else:
            messages.success(request, _("Saved."))
            return redirect("crm_module", access.org.pk, found.api_name)
    back = reverse("crm_module", args=[access.org.pk, found.api_name])
    heading = _("Name and icon of %(module)s") % {"module": schema.plural}
    return _show_form(
        request,
        access,
        form,
        heading,
        back,
        version=version_to_carry(request, found.version, is_stale),
        is_stale=is_stale,
    )


@require_POST
@crm_page
def showing(request: HttpRequest, access: CrmAccess, module_name: str) -> HttpResponse:
    access.require(PERMISSION)
    show_module(find_own_module(access.org, module_name), actor=access.actor)
    return show_modules(request, access)


@require_POST
@crm_page
def hiding(request: HttpRequest, access: CrmAccess, module_name: str) -> HttpResponse:
    access.require(PERMISSION)
    found = find_own_module(access.org, module_name)
    try:
        hide_module(found, actor=access.actor)
    except InvalidValues as refused:
        return with_toast(show_modules(request, access), next(iter(refused.by_field.values())))
    return show_modules(request, access)


@require_POST
@crm_page
def removal(request: HttpRequest, access: CrmAccess, module_name: str) -> HttpResponse:
    """Its name has to be typed."""
    access.require(PERMISSION)
    found = find_own_module(access.org, module_name)
    if request.POST.get("typed", "").strip() == str(schema_of(access.org)[module_name].plural):
        remove_module(found, actor=access.actor)
        undo = reverse("crm_module_return", args=[access.org.pk, found.pk])
        messages.success(request, _("“%(name)s” was removed.") % {"name": found.plural_label}, extra_tags=undo)
    return redirect("crm_modules", access.org.pk)


@require_POST
@crm_page
def giving_back(request: HttpRequest, access: CrmAccess, module_id: int) -> HttpResponse:
    access.require(PERMISSION)
    put_back_module(find_removed_module(access.org, module_id), actor=access.actor)
    return show_modules(request, access)


@require_POST
@crm_page
def purge(request: HttpRequest, access: CrmAccess, module_id: int) -> HttpResponse:
    """Its name has to be typed."""
    access.require(PERMISSION)
    found = find_removed_module(access.org, module_id)
    if request.POST.get("typed", "").strip() == found.plural_label:
        purge_module(found, actor=access.actor)
        messages.success(request, _("“%(name)s” is being purged.") % {"name": found.plural_label})
    return redirect("crm_modules", access.org.pk)


def show_modules(request: HttpRequest, access: CrmAccess) -> HttpResponse:
    """The whole page, or for htmx its lists."""
    access.org.refresh_from_db()
    removed, tabs = removed_module_rows(access.org), tab_rows(access.org)
    context = {
        "rows": module_rows(access.org),
        "removed": removed,
        "removed_count": len(removed) + sum(1 for row in tabs if row.choice.removed_at),
        "org_id": access.org.pk,
        "tabs": tabs,
        "modules_url": reverse("crm_modules", args=[access.org.pk]),
        "order_url": reverse("crm_module_order", args=[access.org.pk]),
        "new_url": reverse("crm_module_new", args=[access.org.pk]),
    }
    if is_fragment(request):
        return render(request, f"{TEMPLATES}/module_rows.html", context)
    return render_settings(request, access, f"{TEMPLATES}/modules.html", KEY, context)


def show_layout(request: HttpRequest, access: CrmAccess, module: Module) -> HttpResponse:
    """The page of one module, or for htmx its sections."""
    access.org.refresh_from_db()
    module = find_own_module(access.org, module.api_name)
    address = [access.org.pk, module.api_name]
    context = {
        "module": schema_of(access.org)[module.api_name],
        "sections": layout_of(access, module),
        "removed": removed_field_rows(module),
        "modules_url": reverse("crm_modules", args=[access.org.pk]),
        "words_url": reverse("crm_module_words", args=address),
        "new_field_url": reverse("crm_module_field_types", args=address),
        "new_section_url": reverse("crm_section_new", args=address),
        "place_url": reverse("crm_module_field_place", args=address),
    }
    if is_fragment(request):
        return render(request, f"{TEMPLATES}/layout.html", context)
    return render_settings(request, access, f"{TEMPLATES}/module.html", KEY, context)


def _show_form(
    request: HttpRequest, access: CrmAccess, form: ModuleForm, heading: str, back_url: str, **more: Any
) -> HttpResponse:
    context = {
        "form": form,
        "heading": heading,
        "back_url": back_url,
        "modules_url": reverse("crm_modules", args=[access.org.pk]),
        **more,
    }
    status = 409 if more.get("is_stale") else 422 if request.method == "POST" else 200
    return render_settings(request, access, f"{TEMPLATES}/module_form.html", KEY, context, status=status)


def _without_standard_words(values: dict[str, Any], module: Module, schema: ModuleSchema) -> dict[str, Any]:
    """A standard module whose words nobody changed goes on speaking the reader's language."""
    for name, stored, shown in (
        ("singular", module.singular_label, schema.singular),
        ("plural", module.plural_label, schema.plural),
    ):
        if not stored and values[name] == str(shown):
            values[name] = ""
    return values


def _put_beside(form: ModuleForm, refused: InvalidValues) -> None:
    for name, sentence in refused.by_field.items():
        form.add_error(name if name in form.fields else None, str(sentence))


def version_to_carry(request: HttpRequest, now: int, is_stale: bool) -> int:
    """After a conflict the next attempt is based on what they wrote: saving again is choosing mine."""
    sent = number_sent(request, "version")
    return sent if sent and not is_stale else now


def place_before(ids: Sequence[int], item: int, request: HttpRequest) -> int | None:
    """Before which of `ids` an item goes, None for last: dropped before one, or one step up or down from where it stands now."""
    step = {"up": -1, "down": 2}.get(request.POST.get("way", ""))
    if step is None or item not in ids:
        return number_sent(request, "before") or None
    place = ids.index(item) + step
    return ids[max(0, place)] if place < len(ids) else None


def number_sent(request: HttpRequest, name: str) -> int:
    text = request.POST.get(name, "")
    return id_in(text) or 0
