"""Tags on a record, suggestions while typing, and the settings page that keeps them tidy."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kakehashi.core.errors import InvalidValues
from kakehashi.core.ids import id_in
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.access import CrmAccess, crm_page
from kakehashi.crm.records.models import Record
from kakehashi.crm.records.queries import find_editable, may_edit
from kakehashi.crm.settings.pages import render_settings
from kakehashi.ui.htmx import is_fragment
from kakehashi.ui.templatetags.ui_lists import Filter
from kakehashi.ui.toasts import add_toast

from .actions import change_tag, delete_tag, merge_tags, restore_tag, tag_record, untag_record
from .models import TagColour
from .queries import counted_tags, find_any_tag, find_tag, suggest_tags, tags_of

_TEMPLATES = "crm/tags/templates"
PERMISSION = "customise_modules"


def tags_context(access: CrmAccess, module: ModuleSchema, record: Record) -> dict[str, Any]:
    """What crm/tags/templates/tags.html shows in the head of a record."""
    address = [access.org.pk, module.api_name, record.pk]
    may_tag = may_edit(access, record)
    return {
        "record_tags": [
            (tag, reverse("crm_record_untag", args=[*address, tag.pk]))
            for tag in tags_of([record.pk]).get(record.pk, [])
        ],
        "tags_url": reverse("crm_record_tags", args=address) if may_tag else "",
    }


@crm_page
def record_tags(request: HttpRequest, access: CrmAccess, module_name: str, record_id: int) -> HttpResponse:
    """GET offers tags for what was typed; POST puts one on the record."""
    record, module = find_editable(access, module_name, record_id), access.schema[module_name]
    if request.method != "POST":
        return _suggestions(request, access, module, record)
    error = ""
    try:
        tag_record(record, name=request.POST.get("name", ""), actor=access.actor)
    except InvalidValues as refused:
        error = str(refused.by_field["name"])
    return _show(request, access, module, record, error=error)


@require_POST
@crm_page
def untag(request: HttpRequest, access: CrmAccess, module_name: str, record_id: int, tag_id: int) -> HttpResponse:
    record, module = find_editable(access, module_name, record_id), access.schema[module_name]
    untag_record(record, tag=find_tag(module, tag_id), actor=access.actor)
    return _show(request, access, module, record)


@require_GET
@crm_page
def settings(request: HttpRequest, access: CrmAccess, module_name: str) -> HttpResponse:
    """All tags of a module: how often each is used, its name and colour."""
    access.require(PERMISSION)
    return _show_settings(request, access, access.schema[module_name])


@require_GET
@crm_page
def first_settings(request: HttpRequest, access: CrmAccess) -> HttpResponse:
    access.require(PERMISSION)
    module = next(module for module in access.schema if module.is_visible)
    return redirect("crm_tags", access.org.pk, module.api_name)


@require_POST
@crm_page
def change(request: HttpRequest, access: CrmAccess, module_name: str, tag_id: int) -> HttpResponse:
    access.require(PERMISSION)
    module = access.schema[module_name]
    tag = find_tag(module, tag_id)
    try:
        change_tag(
            tag, name=request.POST.get("name", ""), colour=request.POST.get("colour", tag.colour), actor=access.actor
        )
    except InvalidValues as refused:
        refusal = {"refused_tag": tag.pk, "refusal": next(iter(refused.by_field.values()))}
        return _show_settings(request, access, module, status=422, typed=request.POST.get("name", ""), **refusal)
    return _saved(request, access, module)


@require_POST
@crm_page
def merge(request: HttpRequest, access: CrmAccess, module_name: str, tag_id: int) -> HttpResponse:
    """Into another tag of the same module."""
    access.require(PERMISSION)
    module = access.schema[module_name]
    tag, into = find_tag(module, tag_id), request.POST.get("into", "")
    try:
        other = find_tag(module, id_in(into) or tag.pk)
        merge_tags(tag, into=other, actor=access.actor)
    except InvalidValues as refused:
        refusal = {"refused_tag": tag.pk, "refusal": refused.by_field["into"]}
        return _show_settings(request, access, module, status=422, **refusal)
    return _saved(request, access, module)


@require_POST
@crm_page
def delete(request: HttpRequest, access: CrmAccess, module_name: str, tag_id: int) -> HttpResponse:
    access.require(PERMISSION)
    module = access.schema[module_name]
    tag = find_tag(module, tag_id)
    delete_tag(tag, actor=access.actor)
    undo = reverse("crm_tag_restoration", args=[access.org.pk, module.api_name, tag.pk])
    add_toast(request, _("The tag “%(name)s” was deleted.") % {"name": tag.name}, undo=undo)
    return redirect("crm_tags", access.org.pk, module.api_name)


@require_POST
@crm_page
def restoration(request: HttpRequest, access: CrmAccess, module_name: str, tag_id: int) -> HttpResponse:
    """The undo of a deletion: back on the same records."""
    access.require(PERMISSION)
    module = access.schema[module_name]
    tag = restore_tag(find_any_tag(module, tag_id), actor=access.actor)
    add_toast(request, _("The tag “%(name)s” is back.") % {"name": tag.name})
    address = reverse("crm_tags", args=[access.org.pk, module.api_name])
    return HttpResponse(status=204, headers={"HX-Redirect": address}) if is_fragment(request) else redirect(address)


def _suggestions(request: HttpRequest, access: CrmAccess, module: ModuleSchema, record: Record) -> HttpResponse:
    text = request.GET.get("name", "").strip()
    carried = [tag.pk for tag in tags_of([record.pk]).get(record.pk, [])]
    found = suggest_tags(module, text, without=carried)
    context = {
        "found": found,
        "text": text,
        "is_new": bool(text) and all(tag.name.casefold() != text.casefold() for tag in found),
        "tags_url": reverse("crm_record_tags", args=[access.org.pk, module.api_name, record.pk]),
    }
    return render(request, f"{_TEMPLATES}/suggestions.html", context)


def _show(
    request: HttpRequest, access: CrmAccess, module: ModuleSchema, record: Record, *, error: str = ""
) -> HttpResponse:
    context = {**tags_context(access, module, record), "error": error, "is_focused": True}
    return render(request, f"{_TEMPLATES}/tags.html", context, status=422 if error else 200)


def _saved(request: HttpRequest, access: CrmAccess, module: ModuleSchema) -> HttpResponse:
    messages.success(request, _("Saved."))
    return redirect("crm_tags", access.org.pk, module.api_name)


def _show_settings(
    request: HttpRequest, access: CrmAccess, module: ModuleSchema, *, status: int = 200, **more: Any
) -> HttpResponse:
    tags = list(counted_tags(module))
    rows = [
        {
            "tag": tag,
            "url": reverse("crm_tag", args=[access.org.pk, module.api_name, tag.pk]),
            "merging_url": reverse("crm_tag_merging", args=[access.org.pk, module.api_name, tag.pk]),
            "deletion_url": reverse("crm_tag_deletion", args=[access.org.pk, module.api_name, tag.pk]),
        }
        for tag in tags
    ]
    modules = [
        Filter(
            str(other.plural), reverse("crm_tags", args=[access.org.pk, other.api_name]), None, other.id == module.id
        )
        for other in access.schema
        if other.is_visible
    ]
    context = {"rows": rows, "tags": tags, "module": module, "modules": modules, "colours": TagColour.choices, **more}
    return render_settings(request, access, f"{_TEMPLATES}/settings.html", "tags", context, status=status)
