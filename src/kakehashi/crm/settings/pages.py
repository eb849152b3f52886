"""The settings of an org."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kakehashi.core.errors import InvalidValues, NotAllowed, NotFound
from kakehashi.crm.orgs.access import CrmAccess, crm_page, who_can
from kakehashi.crm.orgs.actions import add_member, change_profile, update_org
from kakehashi.crm.orgs.models import Membership, Profile
from kakehashi.crm.orgs.workspace import workspace_of
from kakehashi.identity.invitations.actions import send_invitation
from kakehashi.identity.people.actions import invite_person
from kakehashi.ui.shell.workspace import render_page

from .forms import ColleagueForm, OrganisationForm
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


@require_http_methods(["GET", "POST"])
@crm_page
def people(request: HttpRequest, access: CrmAccess) -> HttpResponse:
    """Who is here, with which profile; POST takes a colleague in."""
    access.require("manage_people")
    form = ColleagueForm(access.org, request.POST or None)
    if request.method == "POST" and form.is_valid() and _add_colleague(request, access, form):
        return redirect("crm_people", access.org.pk)
    return _show_people(request, access, form, status=_status(request))


@require_POST
@crm_page
def member(request: HttpRequest, access: CrmAccess, membership_id: int) -> HttpResponse:
    """Another profile for a member."""
    access.require("manage_people")
    membership = Membership.objects.select_related("profile", "person").filter(org=access.org, pk=membership_id).first()
    if membership is None:
        raise NotFound
    profile = get_object_or_404(Profile, org=access.org, pk=request.POST.get("profile"))
    try:
        change_profile(membership, profile=profile, actor=access.actor)
    except InvalidValues as refused:
        context = {"refused_member": membership.pk, "refusal": refused.by_field["profile"]}
        return _show_people(request, access, ColleagueForm(access.org), status=422, **context)
    messages.success(request, _("Saved."))
    return redirect("crm_people", access.org.pk)


def render_settings(
    request: HttpRequest, access: CrmAccess, template: str, key: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """A page inside the settings frame; floors above use it, too. `key` is the key of its menu entry."""
    frame = {"settings_groups": settings_groups(access), "settings_key": key, "access": access}
    return render_page(
        request, template, {**frame, **context}, workspace=workspace_of(access), active="settings", status=status
    )


def _show_people(
    request: HttpRequest, access: CrmAccess, form: ColleagueForm, *, status: int, **more: Any
) -> HttpResponse:
    members = Membership.objects.select_related("person", "profile", "role").filter(org=access.org).order_by("pk")
    rows = [(row, reverse("crm_member", args=[access.org.pk, row.pk])) for row in members]
    profiles = list(Profile.objects.filter(org=access.org).order_by("pk"))
    context = {"rows": rows, "profiles": profiles, "form": form, **more}
    return render_settings(request, access, f"{_TEMPLATES}/people.html", "people", context, status=status)


def _add_colleague(request: HttpRequest, access: CrmAccess, form: ColleagueForm) -> bool:
    values = form.cleaned_data
    if Membership.objects.filter(org=access.org, person__email=values["email"].lower(), is_active=True).exists():
        form.add_error("email", _("This person is a member already."))
        return False
    with transaction.atomic():
        person, is_new = invite_person(
            values["email"],
            family_name=values["family_name"],
            given_name=values["given_name"],
            language=access.org.language,
        )
        add_member(access.org, person=person, profile=values["profile"], actor=access.actor)
        if is_new or not person.has_usable_password():
            home = reverse("crm_home", args=[access.org.pk])
            send_invitation(person, inviter_name=access.person.name, place_name=access.org.name, next_url=home)
    messages.success(request, _("%(name)s was added.") % {"name": person.name})
    return True


def _status(request: HttpRequest) -> int:
    """A form that is shown again after a POST was refused."""
    return 422 if request.method == "POST" else 200
