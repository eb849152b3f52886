"""Settings: the people of an org."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kakehashi.core.errors import InvalidValues, NotFound, Text
from kakehashi.core.ids import id_in
from kakehashi.crm.orgs.access import CrmAccess, crm_page
from kakehashi.crm.orgs.models import Membership, Profile
from kakehashi.crm.orgs.own_team import keeps_own_team
from kakehashi.crm.ownership.actions import start_transfer
from kakehashi.crm.ownership.holdings import holdings_of
from kakehashi.crm.ownership.models import Transfer
from kakehashi.crm.roles.queries import find_role, roles_in_order
from kakehashi.crm.settings.pages import render_settings
from kakehashi.ui.htmx import is_fragment

from .actions import (
    change_place,
    deactivate_member,
    is_invited,
    note_invitation,
    reactivate_member,
    withdraw_invitation,
)
from .forms import InvitationsForm
from .inviting import invite_colleagues, send_again
from .queries import STATES, find_member, members_matching, possible_takers, read_choice

_TEMPLATES = "crm/members/templates"
PERMISSION = "manage_people"
_ROWS = 50


@require_http_methods(["GET", "POST"])
@crm_page
def people(request: HttpRequest, access: CrmAccess) -> HttpResponse:
    """Who is here, with which profile and role; POST invites colleagues."""
    access.require(PERMISSION)
    form = InvitationsForm(access, request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _invite(request, access, form)
    choice = read_choice(request.GET)
    page = Paginator(members_matching(access, choice), _ROWS).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(row, _state(row), reverse("crm_member", args=[access.org.pk, row.pk])) for row in page],
        "choice": choice,
        "states": [(state, _STATE_WORDS[state]()) for state in STATES],
        "profiles": Profile.objects.filter(org=access.org).order_by("-is_administrator", "pk"),
        "roles": roles_in_order(access),
        "form": form,
        "people_url": reverse("crm_people", args=[access.org.pk]),
    }
    if is_fragment(request):
        return render(request, f"{_TEMPLATES}/rows.html", {**context, "access": access})
    return _page(request, access, "people.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@crm_page
def member(request: HttpRequest, access: CrmAccess, membership_id: int) -> HttpResponse:
    """One person: profile, role, what they own. POST changes profile and role."""
    access.require(PERMISSION)
    found = find_member(access, membership_id)
    if request.method == "GET":
        return _show(request, access, found)
    profile = Profile.objects.filter(org=access.org, pk=_number(request.POST.get("profile"))).first()
    role = find_role(access, request.POST["role"]) if request.POST.get("role") else found.role
    if profile is None:
        raise NotFound
    _require_above(access, found)
    access.require_to_give(profile)
    try:
        with keeps_own_team(access):
            change_place(found, profile=profile, role=role, actor=access.actor)
    except InvalidValues as refused:
        return _show(request, access, find_member(access, membership_id), refused.by_field)
    messages.success(request, _("Saved. It holds from their next page on."))
    return redirect("crm_member", access.org.pk, found.pk)


@require_POST
@crm_page
def invitation(request: HttpRequest, access: CrmAccess, membership_id: int) -> HttpResponse:
    """The mail once more."""
    access.require(PERMISSION)
    found = find_member(access, membership_id)
    if not is_invited(found):
        raise NotFound
    send_again(found, inviter_name=access.person.name)
    note_invitation(found, actor=access.actor)
    messages.success(request, _("The invitation to %(email)s was sent again.") % {"email": found.person.email})
    return redirect("crm_member", access.org.pk, found.pk)


@require_POST
@crm_page
def withdrawal(request: HttpRequest, access: CrmAccess, membership_id: int) -> HttpResponse:
    """Take an invitation back."""
    access.require(PERMISSION)
    found = find_member(access, membership_id)
    _require_above(access, found)
    try:
        withdraw_invitation(found, actor=access.actor)
    except InvalidValues as refused:
        return _show(request, access, found, refused.by_field)
    messages.success(request, _("The invitation was withdrawn."))
    return redirect("crm_people", access.org.pk)


@require_POST
@crm_page
def deactivation(request: HttpRequest, access: CrmAccess, membership_id: int) -> HttpResponse:
    """Shut somebody out of this org, and hand over what they own if so chosen: both or neither."""
    access.require(PERMISSION)
    found = find_member(access, membership_id)
    _require_above(access, found)
    transfer = None
    try:
        with transaction.atomic():
            deactivate_member(found, actor=access.actor)
            if request.POST.get("taker"):
                transfer = _start(request, access, found)
    except InvalidValues as refused:
        return _show(request, access, find_member(access, membership_id), refused.by_field)
    messages.success(request, _("%(name)s was deactivated.") % {"name": found.person.name})
    if transfer:
        return redirect("crm_transfer", access.org.pk, transfer.pk)
    return redirect("crm_member", access.org.pk, found.pk)


@require_POST
@crm_page
def activation(request: HttpRequest, access: CrmAccess, membership_id: int) -> HttpResponse:
    """Let somebody in again."""
    access.require(PERMISSION)
    found = find_member(access, membership_id)
    access.require_to_give(found.profile)
    reactivate_member(found, actor=access.actor)
    messages.success(request, _("%(name)s is active again.") % {"name": found.person.name})
    return redirect("crm_member", access.org.pk, found.pk)


@require_POST
@crm_page
def handover(request: HttpRequest, access: CrmAccess, membership_id: int) -> HttpResponse:
    """Give what somebody owns to somebody else."""
    access.require(PERMISSION)
    found = find_member(access, membership_id)
    try:
        transfer = _start(request, access, found)
    except InvalidValues as refused:
        return _show(request, access, found, refused.by_field)
    return redirect("crm_transfer", access.org.pk, transfer.pk)


@require_GET
@crm_page
def transfer(request: HttpRequest, access: CrmAccess, transfer_id: int) -> HttpResponse:
    """How far a transfer is."""
    access.require(PERMISSION)
    found = Transfer.objects.select_related("giver", "taker").filter(org=access.org, pk=transfer_id).first()
    if found is None:
        raise NotFound
    context = {"transfer": found, "url": reverse("crm_transfer", args=[access.org.pk, found.pk]), "access": access}
    if found.failure:
        sides = {
            member.person_id: member.pk
            for member in access.org.memberships.filter(person__in=[found.giver, found.taker])
        }
        context["again_url"] = reverse("crm_member_handover", args=[access.org.pk, sides[found.giver_id]])
        context["taker"] = sides[found.taker_id]
    if is_fragment(request):
        return render(request, f"{_TEMPLATES}/progress.html", context)
    return _page(request, access, "transfer.html", context)


def _invite(request: HttpRequest, access: CrmAccess, form: InvitationsForm) -> HttpResponse:
    values = form.cleaned_data
    access.require_to_give(values["profile"])
    role = find_role(access, values["role"])
    entries = values["emails"]
    invited = invite_colleagues(access.org, entries=entries, profile=values["profile"], role=role, actor=access.actor)
    if invited:
        said = ngettext("%(count)d person was added.", "%(count)d people were added.", len(invited))
        messages.success(request, said % {"count": len(invited)})
    if known := len(entries) - len(invited):
        said = ngettext("%(count)d is a member already.", "%(count)d are members already.", known)
        messages.info(request, said % {"count": known})
    return redirect("crm_people", access.org.pk)


def _start(request: HttpRequest, access: CrmAccess, giver: Membership) -> Transfer:
    chosen = _number(request.POST.get("taker"))
    taker = Membership.objects.select_related("person").filter(org=access.org, pk=chosen).first()
    return start_transfer(giver, taker=taker, choice=request.POST.getlist("choice"), actor=access.actor)


def _require_above(access: CrmAccess, found: Membership) -> None:
    """Only an administrator changes an administrator."""
    access.require_to_give(found.profile)


def _show(
    request: HttpRequest, access: CrmAccess, found: Membership, errors: dict[str, Text] | None = None
) -> HttpResponse:
    address = [access.org.pk, found.pk]
    running = Transfer.objects.filter(org=access.org, giver=found.person, finished_at=None).first()
    context = {
        "member": found,
        "state": _state(found),
        "is_invited": is_invited(found),
        "is_oneself": found.person_id == access.person.pk,
        "profiles": Profile.objects.filter(org=access.org).order_by("-is_administrator", "pk"),
        "roles": roles_in_order(access),
        "holdings": holdings_of(access.org, found.person_id),
        "takers": possible_takers(access, found),
        "running": running and reverse("crm_transfer", args=[access.org.pk, running.pk]),
        "errors": errors or {},
        "urls": {
            name: reverse(f"crm_member_{name}", args=address)
            for name in ("invitation", "withdrawal", "deactivation", "activation", "handover")
        },
    }
    return _page(request, access, "member.html", context, status=422 if errors else 200)


_STATE_WORDS = {
    "active": lambda: _("Active"),
    "invited": lambda: _("Invited"),
    "inactive": lambda: _("Inactive"),
}


def _state(found: Membership) -> tuple[str, str]:
    """(key, words)."""
    key = "inactive" if not found.is_active else "invited" if is_invited(found) else "active"
    return key, _STATE_WORDS[key]()


def _number(text: str | None) -> int:
    return id_in(text) or 0


def _page(
    request: HttpRequest, access: CrmAccess, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    return render_settings(request, access, f"{_TEMPLATES}/{template}", "people", context, status=status)
