"""The seats of a portal: who has one, as what, in which departments and teams, and what became of it."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kakehashi.core.errors import InvalidValues, NotFound, ProductError
from kakehashi.core.filters.definition import Condition, as_text, filter_of
from kakehashi.desk.history.queries import timeline_of
from kakehashi.desk.tickets.models import IS_OPEN, Ticket
from kakehashi.identity.people.actions import invite_person

from .access import DeskAccess, desk_page
from .actions import LastAdministrator, activate_agent, change_role, deactivate_agent, set_departments
from .forms import AgentForm, SeatForm
from .frame import settings_page
from .grants import grants_of
from .inviting import invite_agent, send_activation, withdraw_invitation
from .models import Agent, AgentState
from .slots import SEAT_WARNINGS

_HERE = "desk/portals/templates"
_IS_OPEN = Condition("statusType", "any_of", ("Open", "On Hold"))


@require_http_methods(["GET", "POST"])
@desk_page
def agents(request: HttpRequest, access: DeskAccess) -> HttpResponse:
    """Everybody with a seat, and the form that gives one to somebody by e-mail address."""
    access.require("may_manage_agents")
    form = AgentForm(access.portal, request.POST or None)
    if request.method == "POST" and form.is_valid():
        _invite(request, access, form)
        return redirect("desk_agents", access.portal.pk)
    seats = Agent.objects.filter(portal=access.portal).select_related("person", "profile")
    seats = seats.prefetch_related("departments", "teams")
    warnings = [told for warn in SEAT_WARNINGS if (told := warn(access.portal.pk))]
    rows = [(agent, [told[agent.person_id] for told in warnings if agent.person_id in told]) for agent in seats]
    rows.sort(key=lambda row: (row[0].state, row[0].pk))
    context = {
        "form": form,
        "rows": [row for row in rows if row[0].state != AgentState.INACTIVE],
        "former": [agent for agent, _warnings in rows if agent.state == AgentState.INACTIVE],
        "grants": grants_of(access.portal),
    }
    return settings_page(request, access, "agents", f"{_HERE}/agents.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@desk_page
def agent(request: HttpRequest, access: DeskAccess, agent_id: int) -> HttpResponse:
    """One seat: role or profile, departments, teams, and its history."""
    access.require("may_manage_agents")
    found = _find(access, agent_id)
    form = SeatForm(access.portal, found, request.POST or None)
    if request.method == "POST" and form.is_valid() and _change_seat(access, found, form):
        messages.success(request, _("Saved"))
        return redirect("desk_agent", access.portal.pk, found.pk)
    context = {
        "form": form,
        "agent": found,
        "teams": found.teams.filter(retired_at=None).select_related("department"),
        "open_count": Ticket.objects.filter(IS_OPEN, portal=access.portal, assignee=found).count(),
        "assigned_filter": as_text(filter_of(_IS_OPEN, Condition("assigneeId", "any_of", (str(found.pk),)))),
        "days": timeline_of("desk.agent", found.pk),
    }
    return settings_page(request, access, "agents", f"{_HERE}/agent.html", context, status=422 if form.errors else 200)


@require_POST
@desk_page
def agent_role(request: HttpRequest, access: DeskAccess, agent_id: int) -> HttpResponse:
    role = request.POST.get("role", "")
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


def _change_seat(access: DeskAccess, found: Agent, form: SeatForm) -> bool:
    given = form.cleaned_data
    try:
        with transaction.atomic():
            change_role(found, role=given["role"], actor=access.actor)
            set_departments(found, departments=list(given["departments"]), actor=access.actor)
    except InvalidValues as invalid:
        for name, sentence in invalid.by_field.items():
            form.add_error(name, str(sentence))
        return False
    except LastAdministrator as refusal:
        form.add_error("role", str(refusal.message))
        return False
    return True


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
    found = (
        Agent.objects.select_related("portal", "person", "profile").filter(portal=access.portal, pk=agent_id).first()
    )
    if found is None:
        raise NotFound
    return found
