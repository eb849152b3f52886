"""Settings > People > teams."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from kakehashi.core.errors import InvalidValues
from kakehashi.desk.portals.access import DeskAccess, desk_page
from kakehashi.desk.portals.frame import settings_page
from kakehashi.desk.tickets.models import IS_OPEN, Ticket
from kakehashi.ui.toasts import add_toast

from .actions import change_team, create_team, retire_team
from .forms import SuccessorForm, TeamForm
from .models import Team
from .queries import find_team, offered_teams, teams_with_people

_HERE = "desk/teams/templates"


@require_GET
@desk_page
def teams(request: HttpRequest, access: DeskAccess) -> HttpResponse:
    """By department."""
    access.require("may_manage_agents")
    context = {"teams": teams_with_people(access.portal)}
    return settings_page(request, access, "teams", f"{_HERE}/teams.html", context)


@require_http_methods(["GET", "POST"])
@desk_page
def team(request: HttpRequest, access: DeskAccess, team_id: int | None = None) -> HttpResponse:
    """The form of one team, a new one without an id."""
    access.require("may_manage_agents")
    found = find_team(access.portal, team_id) if team_id else None
    form = TeamForm(access.portal, found, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _save(access, found, form):
        add_toast(request, _("Saved"))
        return redirect("desk_teams", access.portal.pk)
    context = {"form": form, "team": found}
    return settings_page(request, access, "teams", f"{_HERE}/team.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@desk_page
def retirement(request: HttpRequest, access: DeskAccess, team_id: int) -> HttpResponse:
    """What becomes of the tickets of a team that is removed."""
    access.require("may_manage_agents")
    found = find_team(access.portal, team_id)
    others = offered_teams(access.portal, found.department_id).exclude(pk=found.pk)
    form = SuccessorForm([one.pk for one in others], request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        retire_team(found, successor=form.cleaned_data["successor"], actor=access.actor)
        add_toast(request, _("“%(name)s” was removed; its tickets are being moved.") % {"name": found.name})
        return redirect("desk_teams", access.portal.pk)
    count = Ticket.objects.filter(IS_OPEN, portal=access.portal, team=found).count()
    context = {"form": form, "team": found, "count": count}
    return settings_page(
        request, access, "teams", f"{_HERE}/retirement.html", context, status=422 if form.errors else 200
    )


def _save(access: DeskAccess, found: Team | None, form: TeamForm) -> bool:
    given = form.cleaned_data
    values = {"name": given["name"], "description": given["description"], "members": list(given["members"])}
    try:
        if found is None:
            department = given["department"]
            department.portal = access.portal
            create_team(department, **values, actor=access.actor)
        else:
            change_team(found, **values, actor=access.actor)
    except InvalidValues as invalid:
        for name, sentence in invalid.by_field.items():
            form.add_error(name, str(sentence))
        return False
    return True
