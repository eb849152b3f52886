from collections.abc import Sequence

from django.db.models import Count, Q, QuerySet

from kakehashi.core.errors import NotFound
from kakehashi.core.fixed_reads import fixed_read
from kakehashi.core.once import asked_once
from kakehashi.desk.portals.models import Agent, AgentState, Portal

from .models import Team


def offered_teams(portal: Portal, department_id: int | None = None) -> QuerySet[Team]:
    """Those that are not retired, of one department or of all, by department and name."""
    teams = _offered(portal.pk)
    return teams if department_id is None else teams.filter(department_id=department_id)


def read_teams(portal: Portal, department_id: int | None = None) -> list[Team]:
    """The same, read; a page of tickets asks this each time."""
    return [team for team in _read(portal.pk) if department_id in (None, team.department_id)]


@asked_once
@fixed_read
def _read(portal_id: int) -> QuerySet[Team]:
    return _offered(portal_id)


def _offered(portal_id: int) -> QuerySet[Team]:
    return Team.objects.filter(portal_id=portal_id, retired_at=None).select_related("department")


def teams_with_people(portal: Portal) -> QuerySet[Team]:
    """The same with the number of active members, `people`."""
    active = Count("members", filter=Q(members__state=AgentState.ACTIVE))
    return offered_teams(portal).annotate(people=active)


def find_team(portal: Portal, team_id: int) -> Team:
    """Raises `NotFound`."""
    found = offered_teams(portal).filter(pk=team_id).first()
    if found is None:
        raise NotFound
    found.portal = portal
    return found


def teams_of(agent: Agent) -> list[int]:
    """Ids of the teams that somebody belongs to."""
    return list(Team.objects.filter(members=agent, retired_at=None).values_list("pk", flat=True))


def named(teams: Sequence[Team]) -> list[tuple[str, str]]:
    """(id, name) for forms; with the department where there are several."""
    several = len({team.department_id for team in teams}) > 1
    return [(str(team.pk), f"{team.department.name} › {team.name}" if several else team.name) for team in teams]
