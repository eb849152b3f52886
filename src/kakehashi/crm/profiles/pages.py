"""Settings: who holds which profile, and what each allows."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kakehashi.core.errors import InvalidValues, Text
from kakehashi.crm.modules.queries import schema_of
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.access import CrmAccess, crm_page, rights_of
from kakehashi.crm.orgs.models import Membership, Profile
from kakehashi.crm.orgs.rights import FieldRight, ProfileRights
from kakehashi.crm.orgs.seen import is_always_shown
from kakehashi.crm.orgs.words import ALLOWED, FIELD_RIGHTS, SCOPED
from kakehashi.crm.settings.pages import render_settings

from .actions import copy_profile, delete_profile, update_field_rights, update_profile
from .columns import DEFAULT, general_permissions, read_table, table_of
from .queries import find_profile, profiles_of

_TEMPLATES = "crm/profiles/templates"
PERMISSION = "manage_people"


@require_http_methods(["GET", "POST"])
@crm_page
def profiles(request: HttpRequest, access: CrmAccess) -> HttpResponse:
    """All of them; POST copies one under a new name."""
    access.require(PERMISSION)
    typed = request.POST.get("name", "")
    errors: Mapping[str, Text] = {}
    if request.method == "POST":
        source = find_profile(access, request.POST.get("source"))
        access.require_to_give(source)
        try:
            made = copy_profile(source, name=typed, actor=access.actor)
        except InvalidValues as refused:
            errors = refused.by_field
        else:
            messages.success(request, _("“%(name)s” was created.") % {"name": made})
            return redirect("crm_profile", access.org.pk, made.pk)
    found = [(one, reverse("crm_profile", args=[access.org.pk, one.pk])) for one in profiles_of(access)]
    context = {"rows": found, "typed": typed, "errors": errors, "chosen": request.POST.get("source", "")}
    return _page(request, access, "profiles.html", context, errors)


@require_http_methods(["GET", "POST"])
@crm_page
def profile(request: HttpRequest, access: CrmAccess, profile_id: int) -> HttpResponse:
    """What a profile allows, as a table of modules and rights."""
    access.require(PERMISSION)
    found = find_profile(access, profile_id)
    if request.method == "GET":
        return _show(request, access, found)
    schema = schema_of(access.org)
    codes = [one.code for one in general_permissions() if f"permission-{one.code}" in request.POST]
    table = read_table(request.POST.dict(), schema)
    rights = ProfileRights(
        table[DEFAULT],
        tuple((int(key), held) for key, held in table.items() if key != DEFAULT),
        rights_of(found).fields,
    )
    try:
        access.require_not_more(codes, rights)
        update_profile(found, name=request.POST.get("name", ""), permissions=codes, modules=table, actor=access.actor)
    except InvalidValues as refused:
        return _show(request, access, found, rights=rights, codes=codes, errors=refused.by_field)
    messages.success(request, _("Saved. It holds from everybody's next page on."))
    return redirect("crm_profile", access.org.pk, found.pk)


@require_http_methods(["GET", "POST"])
@crm_page
def fields(request: HttpRequest, access: CrmAccess, profile_id: int, module_name: str) -> HttpResponse:
    """Which fields of a module a profile shows and lets change."""
    access.require(PERMISSION)
    found = find_profile(access, profile_id)
    module = schema_of(access.org)[module_name]
    held = dict(rights_of(found).fields)
    errors: Mapping[str, Text] = {}
    if request.method == "POST":
        chosen = {field.id: request.POST.get(f"field-{field.id}", "") for field in module.fields.values()}
        held |= {key: FieldRight(value) for key, value in chosen.items() if value in list(FieldRight)}
        rights = ProfileRights(rights_of(found).default, rights_of(found).modules, tuple(held.items()))
        try:
            access.require_not_more(found.permissions, rights)
            update_field_rights(found, module=module, rights=held, actor=access.actor)
        except InvalidValues as refused:
            errors = refused.by_field
        else:
            messages.success(request, _("Saved. It holds from everybody's next page on."))
            return redirect("crm_profile_fields", access.org.pk, found.pk, module.api_name)
    context = {
        "profile": found,
        "module": module,
        "sections": _sections(module, held, errors),
        "choices": [(right.value, words) for right, words in FIELD_RIGHTS.items()],
        "modules": [
            (one.plural, reverse("crm_profile_fields", args=[access.org.pk, found.pk, one.api_name]), one == module)
            for one in schema_of(access.org)
        ],
        "profile_url": reverse("crm_profile", args=[access.org.pk, found.pk]),
    }
    return _page(request, access, "fields.html", context, errors)


@require_POST
@crm_page
def deletion(request: HttpRequest, access: CrmAccess, profile_id: int) -> HttpResponse:
    """Away with a profile; its holders get another one."""
    access.require(PERMISSION)
    found = find_profile(access, profile_id)
    chosen = request.POST.get("replacement")
    replacement = find_profile(access, chosen) if chosen else None
    try:
        if replacement:
            access.require_to_give(replacement)
        delete_profile(found, replacement=replacement, actor=access.actor)
    except InvalidValues as refused:
        return _show(request, access, found, errors=refused.by_field)
    messages.success(request, _("“%(name)s” was deleted.") % {"name": found})
    return redirect("crm_profiles", access.org.pk)


def _show(
    request: HttpRequest,
    access: CrmAccess,
    found: Profile,
    *,
    rights: ProfileRights | None = None,
    codes: list[str] | None = None,
    errors: Mapping[str, Text] | None = None,
) -> HttpResponse:
    schema = schema_of(access.org)
    held = found.permissions if codes is None else codes
    address = [access.org.pk, found.pk]
    context = {
        "profile": found,
        "name": request.POST.get("name", str(found)),
        "columns": [*SCOPED.values(), *ALLOWED.values()],
        "rows": [
            (row, reverse("crm_profile_fields", args=[*address, row.api_name]) if row.api_name else "")
            for row in table_of(rights or rights_of(found), schema)
        ],
        "permissions": [(one, found.is_administrator or one.code in held) for one in general_permissions()],
        "holders": Membership.objects.select_related("person").filter(profile=found).order_by("-is_active", "pk"),
        "others": [one for one in profiles_of(access) if one.pk != found.pk],
        "deletion_url": reverse("crm_profile_deletion", args=address),
        "errors": errors or {},
    }
    return _page(request, access, "profile.html", context, errors or {})


def _sections(module: ModuleSchema, held: Mapping[int, FieldRight], errors: Mapping[str, Text]) -> list[Any]:
    return [
        (
            section.label,
            [
                {
                    "field": field,
                    "right": held.get(field.id, FieldRight.EDITABLE),
                    "must_stay": is_always_shown(module, field) or field.is_required,
                    "error": errors.get(field.api_name, ""),
                }
                for field in section.fields
            ],
        )
        for section in module.sections
    ]


def _page(
    request: HttpRequest, access: CrmAccess, template: str, context: dict[str, Any], errors: Mapping[str, Text]
) -> HttpResponse:
    status = 422 if errors else 200
    return render_settings(request, access, f"{_TEMPLATES}/{template}", "profiles", context, status=status)
