"""The sections of a module: made, renamed, moved, removed."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from kakehashi.core.errors import InvalidValues
from kakehashi.crm.orgs.access import CrmAccess, crm_page
from kakehashi.ui.htmx import with_toast

from .module_forms import SectionForm
from .module_pages import PERMISSION, show_layout
from .queries import (
    find_own_module,
)
from .sections import add_section, order_sections, remove_section, rename_section, sections_of


@require_POST
@crm_page
def new_section(request: HttpRequest, access: CrmAccess, module_name: str) -> HttpResponse:
    access.require(PERMISSION)
    found = find_own_module(access.org, module_name)
    form = SectionForm(request.POST)
    if form.is_valid():
        add_section(found, label=form.cleaned_data["label"], actor=access.actor)
    return redirect("crm_module", access.org.pk, found.api_name)


@require_POST
@crm_page
def section(request: HttpRequest, access: CrmAccess, module_name: str, section_key: str) -> HttpResponse:
    """Another name."""
    access.require(PERMISSION)
    found = find_own_module(access.org, module_name)
    form = SectionForm(request.POST)
    if form.is_valid():
        rename_section(found, key=section_key, label=form.cleaned_data["label"], actor=access.actor)
    return redirect("crm_module", access.org.pk, found.api_name)


@require_POST
@crm_page
def section_place(request: HttpRequest, access: CrmAccess, module_name: str, section_key: str) -> HttpResponse:
    """One place up or down."""
    access.require(PERMISSION)
    found = find_own_module(access.org, module_name)
    keys = [one["key"] for one in sections_of(found)]
    if section_key in keys:
        place = keys.index(section_key)
        keys.remove(section_key)
        keys.insert(max(0, place + (-1 if request.POST.get("way") == "up" else 1)), section_key)
        order_sections(found, keys=keys, actor=access.actor)
    return show_layout(request, access, found)


@require_POST
@crm_page
def section_removal(request: HttpRequest, access: CrmAccess, module_name: str, section_key: str) -> HttpResponse:
    access.require(PERMISSION)
    found = find_own_module(access.org, module_name)
    try:
        remove_section(found, key=section_key, actor=access.actor)
    except InvalidValues as refused:
        return with_toast(show_layout(request, access, found), next(iter(refused.by_field.values())))
    return show_layout(request, access, found)
