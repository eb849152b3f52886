"""Teams of the demo's help desk, a profile of its own, and the open tickets that the teams have before them."""

from collections.abc import Mapping

from kakehashi.core.actors import Actor
from kakehashi.desk.escalation.actions import LevelDraft, add_level, create_rule
from kakehashi.desk.escalation.models import Side
from kakehashi.desk.followers.actions import add_followers
from kakehashi.desk.overdue.models import Deadline
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.profiles.actions import copy_profile, update_profile
from kakehashi.desk.teams.actions import create_team
from kakehashi.desk.ticket_tags.actions import add_tag
from kakehashi.desk.tickets.actions import update_tickets
from kakehashi.desk.tickets.models import IS_OPEN, Ticket
from kakehashi.identity.people.models import Person

_TEAMS = (
    ("一次対応", "最初の回答と受付", ("morimoto", "kurihara", "hart")),
    ("技術", "機器の不具合と修理", ("morimoto", "toda")),
)
_PROFILE = ("新人担当者", ("may_reply", "may_create", "may_update", "may_edit_customers"))


def make_teams(portal: Portal, people: Mapping[str, Person], actor: Actor) -> None:
    """Whoever answers first at home, and whoever knows the devices; what somebody new may do."""
    seats = {seat.person_id: seat for seat in portal.agents.all()}
    for name, description, members in _TEAMS:
        agents = [seats[people[key].pk] for key in members if key in people and people[key].pk in seats]
        create_team(portal.departments.all()[0], name=name, description=description, members=agents, actor=actor)
    name, permissions = _PROFILE
    profile = copy_profile(portal, name=name, source="agent", actor=actor)
    update_profile(profile, name=name, permissions=permissions, actor=actor)


def give_to_teams(portal: Portal, people: Mapping[str, Person]) -> None:
    """Every open ticket at home has a team; nobody is mailed about it. Deadlines to come are watched."""
    chief = people["takase"]
    actor = Actor(chief.pk, chief.name, "demo")
    teams = list(portal.teams.all())
    held = Ticket.objects.filter(IS_OPEN, portal=portal, department=portal.departments.all()[0])
    ids = list(held.order_by("pk").values_list("pk", flat=True))
    for place, team in enumerate(teams):
        update_tickets(portal, ticket_ids=ids[place :: len(teams)], values={"teamId": team.pk}, actor=actor)
    for ticket in held.order_by("-pk")[:3]:
        ticket.portal = portal
        add_followers(ticket, agents=list(portal.agents.filter(person=chief)), actor=actor)
    level = LevelDraft(minutes=60, side=Side.BEFORE, tells_assignee=True, tells_team=True)
    rule = create_rule(portal, deadline=Deadline.RESOLUTION, department=None, level=level, actor=actor)
    add_level(
        rule, LevelDraft(tells_administrators=True, marks_escalated=True), actor=actor
    )  # from now on, not for the past
    add_tag(portal, ticket_ids=ids[::4], name="校正", actor=actor)
