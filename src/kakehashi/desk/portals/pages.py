"""Settings of a portal, for its administrators: name, departments with their mail addresses, agents with their roles."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kakehashi.core.errors import InvalidValues, NotFound, ProductError, Text
from kakehashi.desk.reply_templates.placeholders import IN_SIGNATURES, PLACEHOLDERS
from kakehashi.identity.people.actions import invite_person

from .access import DeskAccess, desk_page
from .actions import (
    activate_agent,
    change_role,
    create_department,
    deactivate_agent,
    update_department,
    update_portal,
)
from .forms import AgentForm, DepartmentForm, PortalForm
from .frame import settings_page
from .inviting import invite_agent, send_activation, withdraw_invitation
from .models import Agent, AgentRole, AgentState, Department
from .slots import SEAT_WARNINGS

_HERE = "desk/portals/templates"


@require_http_methods(["GET", "POST"])
@desk_page
def portal_settings(request: HttpRequest, access: DeskAccess) -> HttpResponse:
    access.require("may_administer")
    portal = access.portal
    form = PortalForm(request.POST or None, initial={"name": portal.name, "language": portal.language})
    if request.method == "POST" and form.is_valid():
        update_portal(portal, **form.cleaned_data, actor=access.actor)
        messages.success(request, _("Saved"))
        return redirect("desk_settings", portal.pk)
    return settings_page(
        request, access, "portal", f"{_HERE}/portal.html", {"form": form}, status=422 if form.errors else 200
    )


@require_GET
@desk_page
def departments(request: HttpRequest, access: DeskAccess) -> HttpResponse:
    access.require("may_administer")
    rows = access.portal.departments.select_related("answers_from")
    return settings_page(request, access, "departments", f"{_HERE}/departments.html", {"departments": rows})


@require_http_methods(["GET", "POST"])
@desk_page
def department(request: HttpRequest, access: DeskAccess, department_id: int | None = None) -> HttpResponse:
    """The form of a department, a new one without an id."""
    access.require("may_administer")
    found = access.portal.departments.filter(pk=department_id).first() if department_id else None
    if department_id and found is None:
        raise NotFound
    form = DepartmentForm(request.POST or None, initial=_department_values(found))
    if request.method == "POST" and form.is_valid() and _save_department(access, found, form):
        messages.success(request, _("Saved"))
        return redirect("desk_departments", access.portal.pk)
    context = {"form": form, "department": found, "placeholders": _placeholders()}
    return settings_page(
        request, access, "departments", f"{_HERE}/department.html", context, status=422 if form.errors else 200
    )


@require_http_methods(["GET", "POST"])
@desk_page
def agents(request: HttpRequest, access: DeskAccess) -> HttpResponse:
    """Everybody with a seat, and the form that gives one to somebody by e-mail address."""
    access.require("may_administer")
    form = AgentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        _invite(request, access, form)
        return redirect("desk_agents", access.portal.pk)
    seats = Agent.objects.filter(portal=access.portal).select_related("person").prefetch_related("departments")
    warnings = [told for warn in SEAT_WARNINGS if (told := warn(access.portal.pk))]
    rows = [(agent, [told[agent.person_id] for told in warnings if agent.person_id in told]) for agent in seats]
    rows.sort(key=lambda row: (row[0].state, row[0].pk))
    context = {"form": form, "rows": rows, "roles": AgentRole.choices}
    return settings_page(request, access, "agents", f"{_HERE}/agents.html", context, status=422 if form.errors else 200)


@require_POST
@desk_page
def agent_role(request: HttpRequest, access: DeskAccess, agent_id: int) -> HttpResponse:
    access.require("may_administer")
    role = request.POST.get("role", "")
    if role not in AgentRole.values:
        raise InvalidValues({"role": _("There is no such choice.")})
    return _answer(request, access, lambda: change_role(_find(access, agent_id), role=role, actor=access.actor))


@require_POST
@desk_page
def agent_activation(request: HttpRequest, access: DeskAccess, agent_id: int) -> HttpResponse:
    return _answer(request, access, lambda: activate_agent(_find(access, agent_id), actor=access.actor))


@require_POST
@desk_page
def agent_deactivation(request: HttpRequest, access: DeskAccess, agent_id: int) -> HttpResponse:
    return _answer(request, access, lambda: deactivate_agent(_find(access, agent_id), actor=access.actor))


@require_POST
@desk_page
def agent_invitation(request: HttpRequest, access: DeskAccess, agent_id: int) -> HttpResponse:
    """The activation mail once more."""
    return _answer(request, access, lambda: send_activation(_find(access, agent_id), actor=access.actor))


@require_POST
@desk_page
def agent_withdrawal(request: HttpRequest, access: DeskAccess, agent_id: int) -> HttpResponse:
    return _answer(request, access, lambda: withdraw_invitation(_find(access, agent_id), actor=access.actor))


def _invite(request: HttpRequest, access: DeskAccess, form: AgentForm) -> None:
    given = form.cleaned_data
    person, _is_new = invite_person(
        given["email"],
        family_name=given["family_name"],
        given_name=given["given_name"],
        language=access.portal.language,
    )
    agent = invite_agent(access.portal, person=person, role=given["role"], actor=access.actor)
    if agent.state == AgentState.INVITED:
        messages.success(request, _("Invited %(email)s") % {"email": person.email})
    else:
        messages.success(request, _("Saved"))


def _answer(request: HttpRequest, access: DeskAccess, change: Any) -> HttpResponse:
    """Make a change to a seat; a refusal that people can do something about stands on the list again."""
    try:
        change()
    except ProductError as refusal:
        if refusal.status != 409:
            raise
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, _("Saved"))
    return redirect("desk_agents", access.portal.pk)


def _find(access: DeskAccess, agent_id: int) -> Agent:
    found = Agent.objects.select_related("portal", "person").filter(portal=access.portal, pk=agent_id).first()
    if found is None:
        raise NotFound
    return found


def _department_values(found: Department | None) -> dict[str, str]:
    if found is None:
        return {}
    own = found.answers_from
    return {
        "name": found.name,
        "mail_address": own.address if own else "",
        "mail_name": own.name if own else "",
        "signature_html": found.signature_html,
    }


def _placeholders() -> list[tuple[str, Text]]:
    return [(name, PLACEHOLDERS[name]) for name in IN_SIGNATURES]


def _save_department(access: DeskAccess, found: Department | None, form: Form) -> bool:
    try:
        if found is None:
            create_department(access.portal, **form.cleaned_data, actor=access.actor)
        else:
            update_department(found, **form.cleaned_data, actor=access.actor)
    except InvalidValues as invalid:
        for name, sentence in invalid.by_field.items():
            form.add_error(name, str(sentence))
        return False
    return True
