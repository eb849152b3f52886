"""Setting up teams. A team that goes hands its open tickets on."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kakehashi.core import clock
from kakehashi.core.actors import Actor
from kakehashi.core.errors import InvalidValues, Text
from kakehashi.core.events.log import Fact, write_fact
from kakehashi.desk.portals.models import Agent, Department, Portal
from kakehashi.desk.portals.queries import agents_seeing
from kakehashi.desk.portals.rights import require

from .jobs import replace_team
from .models import Team
from .queries import offered_teams

MOST_TEAMS = 200
_LONGEST = 80


@transaction.atomic
def create_team(
    department: Department, *, name: str, description: str = "", members: Sequence[Agent] = (), actor: Actor
) -> Team:
    """Raises `InvalidValues` with name or members."""
    portal = _guard(department.portal, actor)
    if offered_teams(portal).count() >= MOST_TEAMS:
        raise InvalidValues({"name": _("At most %(limit)s teams.") % {"limit": MOST_TEAMS}})
    team = Team(portal=portal, department=department)
    return _write(team, name, description, members, "created", actor)


@transaction.atomic
def change_team(team: Team, *, name: str, description: str = "", members: Sequence[Agent] = (), actor: Actor) -> Team:
    """Raises `InvalidValues` with name or members. Its tickets stay with it."""
    _guard(team.portal, actor)
    return _write(team, name, description, members, "updated", actor)


@transaction.atomic
def retire_team(team: Team, *, successor: Team | None, actor: Actor) -> None:
    """Not offered any more. Its tickets go to the successor in the background, or to no team. Raises `InvalidValues`."""
    _guard(team.portal, actor)
    if successor is not None and (successor.pk == team.pk or successor.department_id != team.department_id):
        raise InvalidValues({"successor": _("There is no such choice.")})
    members = list(team.members.all())
    team.retired_at = clock.now()
    team.save(update_fields=["retired_at"])
    _tell_members(team, members, [], actor)
    _tell(team, "removed", actor, {"successor": successor.name if successor else ""})
    replace_team.defer(
        portal_id=team.portal_id, team_id=team.pk, successor_id=successor.pk if successor else None, name=actor.name
    )


def _write(team: Team, name: str, description: str, members: Sequence[Agent], what: str, actor: Actor) -> Team:
    name = " ".join(name.split())
    if problems := _problems_of(team, name, members):
        raise InvalidValues(problems)
    before = list(team.members.all()) if team.pk else []
    team.name, team.description = name, " ".join(description.split())[:300]
    team.save()
    team.members.set(members)
    _tell(team, what, actor, {"members": sorted(agent.pk for agent in members)})
    _tell_members(team, before, members, actor)
    return team


def _problems_of(team: Team, name: str, members: Sequence[Agent]) -> dict[str, Text]:
    problems: dict[str, Text] = {}
    others = offered_teams(team.portal, team.department_id).exclude(pk=team.pk or 0).values_list("name", flat=True)
    if not name:
        problems["name"] = _("Enter a name.")
    elif len(name) > _LONGEST:
        problems["name"] = _("At most %(limit)s characters.") % {"limit": _LONGEST}
    elif name.casefold() in {other.casefold() for other in others}:
        problems["name"] = _("There is a team of this name in the department already.")
    seeing = set(agents_seeing(team.portal, team.department_id).values_list("pk", flat=True))
    if blind := [agent.name for agent in members if agent.is_active and agent.pk not in seeing]:
        problems["members"] = _("%(name)s does not see the tickets of this department.") % {"name": blind[0]}
    return problems


def _guard(portal: Portal, actor: Actor) -> Portal:
    """The portal's row makes two administrators wait for each other."""
    require(portal, actor, "may_manage_agents")
    Portal.objects.select_for_update(no_key=True).get(pk=portal.pk)
    return portal


def _tell_members(team: Team, before: Sequence[Agent], after: Sequence[Agent], actor: Actor) -> None:
    """Whoever came or went reads it in the history of their own seat."""
    gone, come = set(before) - set(after), set(after) - set(before)
    for agent, pair in (*((one, [team.name, ""]) for one in gone), *((one, ["", team.name]) for one in come)):
        data = {"changes": {"teams": pair}}
        write_fact(Fact(team.portal.tenant, "desk.agent.updated", "desk.agent", agent.pk, data), actor)


def _tell(team: Team, what: str, actor: Actor, data: dict[str, object]) -> None:
    fact = Fact(team.portal.tenant, f"desk.team.{what}", "desk.team", team.pk, {"name": team.name, **data})
    write_fact(fact, actor)
