"""Settings > Portal > profiles: rights put together by the portal itself."""

from collections.abc import Collection, Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kakehashi.core.errors import InvalidValues, Text
from kakehashi.desk.portals.access import DeskAccess, desk_page
from kakehashi.desk.portals.frame import settings_page
from kakehashi.desk.portals.grants import grants_of
from kakehashi.desk.portals.models import AgentProfile, AgentRole
from kakehashi.ui.toasts import add_toast

from .actions import copy_profile, delete_profile, update_profile
from .queries import find_profile, profiles_of
from .words import PERMISSIONS, SECTIONS, held_words

_HERE = "desk/profiles/templates"


@require_http_methods(["GET", "POST"])
@desk_page
def profiles(request: HttpRequest, access: DeskAccess) -> HttpResponse:
    """The roles, the portal's own profiles; a post copies one of them under a new name."""
    access.require("may_manage_agents")
    typed, source = request.POST.get("name", ""), request.POST.get("source", AgentRole.AGENT.value)
    errors: Mapping[str, Text] = {}
    if request.method == "POST":
        try:
            made = copy_profile(access.portal, name=typed, source=source, actor=access.actor)
        except InvalidValues as invalid:
            errors = invalid.by_field
        else:
            add_toast(request, _("“%(name)s” was created.") % {"name": made.name})
            return redirect("desk_profile", access.portal.pk, made.pk)
    context = {
        "roles": [(role.label, held_words(role)) for role in AgentRole],
        "profiles": profiles_of(access.portal),
        "sources": grants_of(access.portal),
        "typed": typed,
        "chosen": source,
        "errors": errors,
    }
    return settings_page(request, access, "profiles", f"{_HERE}/profiles.html", context, status=422 if errors else 200)


@require_http_methods(["GET", "POST"])
@desk_page
def profile(request: HttpRequest, access: DeskAccess, desk_profile_id: int) -> HttpResponse:
    """What one profile allows, in words."""
    access.require("may_manage_agents")
    found = find_profile(access.portal, desk_profile_id)
    if request.method == "GET":
        return _show(request, access, found, found.name, found.permissions)
    name, permissions = request.POST.get("name", ""), request.POST.getlist("permission")
    try:
        update_profile(found, name=name, permissions=permissions, actor=access.actor)
    except InvalidValues as invalid:
        return _show(request, access, find_profile(access.portal, found.pk), name, permissions, invalid.by_field)
    add_toast(request, _("Saved. It holds from everybody's next page on."))
    return redirect("desk_profile", access.portal.pk, found.pk)


@require_POST
@desk_page
def profile_deletion(request: HttpRequest, access: DeskAccess, desk_profile_id: int) -> HttpResponse:
    found = find_profile(access.portal, desk_profile_id)
    name = found.name
    try:
        delete_profile(found, successor=request.POST.get("successor", ""), actor=access.actor)
    except InvalidValues as invalid:
        return _show(request, access, found, name, found.permissions, invalid.by_field)
    add_toast(request, _("“%(name)s” was deleted.") % {"name": name})
    return redirect("desk_profiles", access.portal.pk)


def _show(
    request: HttpRequest,
    access: DeskAccess,
    found: AgentProfile,
    name: str,
    permissions: Collection[str],
    errors: Mapping[str, Text] | None = None,
) -> HttpResponse:
    context = {
        "profile": found,
        "name": name,
        "sections": [
            (heading, [(right, label, right in permissions, getattr(access.rights, right)) for right, label in rights])
            for heading, rights in SECTIONS
        ],
        "holders": list(found.agents.select_related("person").order_by("state", "pk")),
        "successors": [(value, label) for value, label in grants_of(access.portal) if value != f"profile:{found.pk}"],
        "is_above": any(not getattr(access.rights, right) for right in found.permissions if right in PERMISSIONS),
        "errors": errors or {},
    }
    status = 422 if errors else 200
    return settings_page(request, access, "profiles", f"{_HERE}/profile.html", context, status=status)
