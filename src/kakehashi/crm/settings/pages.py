"""The settings of an org."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from kakehashi.core.errors import NotAllowed
from kakehashi.crm.orgs.access import CrmAccess, crm_page, who_can
from kakehashi.crm.orgs.actions import update_org
from kakehashi.crm.orgs.workspace import workspace_of
from kakehashi.ui.shell.workspace import render_page

from .forms import OrganisationForm
from .menu import settings_groups

_TEMPLATES = "crm/settings/templates"


@require_GET
@crm_page
def home(request: HttpRequest, access: CrmAccess) -> HttpResponse:
    """To the first page that this person may open."""
    for _heading, entries in settings_groups(access):
        return redirect(entries[0].url)
    raise NotAllowed(who_can=who_can(access.org, "manage_organisation"))


@require_http_methods(["GET", "POST"])
@crm_page
def organisation(request: HttpRequest, access: CrmAccess) -> HttpResponse:
    access.require("manage_organisation")
    form = OrganisationForm(access.org, request.POST or None)
    if request.method == "POST" and form.is_valid():
        update_org(access.org, values=form.cleaned_data, actor=access.actor)
        messages.success(request, _("Saved."))
        return redirect("crm_organisation", access.org.pk)
    return render_settings(
        request, access, f"{_TEMPLATES}/organisation.html", "organisation", {"form": form}, status=_status(request)
    )


def render_settings(
    request: HttpRequest, access: CrmAccess, template: str, key: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """A page inside the settings frame; floors above use it, too. `key` is the key of its menu entry."""
    frame = {"settings_groups": settings_groups(access), "settings_key": key, "access": access}
    return render_page(
        request, template, {**frame, **context}, workspace=workspace_of(access), active="settings", status=status
    )


def _status(request: HttpRequest) -> int:
    """A form that is shown again after a POST was refused."""
    return 422 if request.method == "POST" else 200
