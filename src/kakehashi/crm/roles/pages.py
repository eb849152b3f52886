"""Settings: the hierarchy."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kakehashi.core.errors import InvalidValues, Text
from kakehashi.crm.orgs.access import CrmAccess, crm_page
from kakehashi.crm.orgs.models import Membership, Role
from kakehashi.crm.orgs.own_team import keeps_own_team
from kakehashi.crm.settings.pages import render_settings

from .actions import add_role, delete_role, update_role
from .queries import find_role, possible_parents, roles_in_order, tree_to_show

_TEMPLATES = "crm/roles/templates"
PERMISSION = "manage_people"


@require_http_methods(["GET", "POST"])
@crm_page
def roles(request: HttpRequest, access: CrmAccess) -> HttpResponse:
    """The tree; POST adds a place to it."""
    access.require(PERMISSION)
    errors: Mapping[str, Text] = {}
    if request.method == "POST":
        parent = find_role(access, request.POST.get("parent"))
        try:
            role = add_role(parent, name=request.POST.get("name", ""), actor=access.actor)
        except InvalidValues as refused:
            errors = refused.by_field
        else:
            messages.success(request, _("“%(name)s” was created.") % {"name": role})
            return redirect("crm_roles", access.org.pk)
    context = {
        "tree": tree_to_show(access),
        "parents": roles_in_order(access),
        "chosen": request.POST.get("parent", request.GET.get("below", "")),
        "typed": request.POST.get("name", ""),
        "errors": errors,
    }
    return _page(request, access, "roles.html", context, errors)


@require_http_methods(["GET", "POST"])
@crm_page
def role(request: HttpRequest, access: CrmAccess, role_id: int) -> HttpResponse:
    """Name, place and sharing of one role."""
    access.require(PERMISSION)
    found = find_role(access, role_id)
    if request.method == "GET":
        return _show(request, access, found)
    above = request.POST.get("parent")
    try:
        with keeps_own_team(access):
            update_role(
                found,
                name=request.POST.get("name", ""),
                parent=find_role(access, above) if above else None,
                shares_with_peers="shares_with_peers" in request.POST,
                actor=access.actor,
            )
    except InvalidValues as refused:
        return _show(request, access, find_role(access, role_id), refused.by_field)
    messages.success(request, _("Saved. It holds from everybody's next page on."))
    return redirect("crm_roles", access.org.pk)


@require_POST
@crm_page
def deletion(request: HttpRequest, access: CrmAccess, role_id: int) -> HttpResponse:
    """Away with a role; its people get another one."""
    access.require(PERMISSION)
    found = find_role(access, role_id)
    try:
        with keeps_own_team(access):
            delete_role(found, replacement=find_role(access, request.POST.get("replacement")), actor=access.actor)
    except InvalidValues as refused:
        return _show(request, access, found, refused.by_field)
    messages.success(request, _("“%(name)s” was deleted.") % {"name": found})
    return redirect("crm_roles", access.org.pk)


def _show(
    request: HttpRequest, access: CrmAccess, found: Role, errors: Mapping[str, Text] | None = None
) -> HttpResponse:
    is_sent = request.method == "POST" and "name" in request.POST
    context = {
        "role": found,
        "name": request.POST.get("name", "") if is_sent else str(found),
        "shares": "shares_with_peers" in request.POST if is_sent else found.shares_with_peers,
        "chosen": request.POST.get("parent", "") if is_sent else str(found.parent_id or ""),
        "parents": possible_parents(access, found),
        "others": [(other, name) for other, name in roles_in_order(access) if other.pk != found.pk],
        "people": Membership.objects.select_related("person").filter(role=found).order_by("-is_active", "pk"),
        "deletion_url": reverse("crm_role_deletion", args=[access.org.pk, found.pk]),
        "errors": errors or {},
    }
    return _page(request, access, "role.html", context, errors or {})


def _page(
    request: HttpRequest, access: CrmAccess, template: str, context: dict[str, Any], errors: Mapping[str, Text]
) -> HttpResponse:
    status = 422 if errors else 200
    return render_settings(request, access, f"{_TEMPLATES}/{template}", "roles", context, status=status)
