"""Seats of our own Desk, for the seam: who has one, inviting, roles."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from kakehashi.bridge.sides.people import Role, Seat
from kakehashi.core.actors import Actor
from kakehashi.core.errors import NotFound, Text
from kakehashi.desk.portals.actions import change_role
from kakehashi.desk.portals.inviting import expires_at, invite_agent, send_activation, withdraw_invitation
from kakehashi.desk.portals.models import Agent, AgentProfile, AgentRole, Portal
from kakehashi.desk.profiles.words import SECTIONS
from kakehashi.identity.people.models import Person

_ABILITIES: dict[str, tuple[Text, ...]] = {
    AgentRole.AGENT: (
        _("Reply to customers, forward and comment"),
        _("Create, change, close and delete tickets"),
        _("Open the Desk with all tickets of their departments"),
    ),
    AgentRole.LIGHT_AGENT: (
        _("Read tickets in the Desk"),
        _("Write internal comments, nothing that customers see"),
    ),
    AgentRole.ADMINISTRATOR: (
        _("Everything that an agent may do, in all departments"),
        _("Assign tickets to others"),
        _("Change the settings of the Desk"),
    ),
}


@dataclass(frozen=True)
class DeskSeats:
    """Implements the part of `DeskSide` about people for one portal."""

    portal: Portal

    def roles(self) -> Sequence[Role]:
        order = (AgentRole.AGENT, AgentRole.LIGHT_AGENT, AgentRole.ADMINISTRATOR)
        roles = [Role(role.value, role.label, _ABILITIES[role], role == AgentRole.ADMINISTRATOR) for role in order]
        return [*roles, *(_role_of(profile) for profile in self.portal.profiles.all())]

    def seats(self) -> Sequence[Seat]:
        return [_seat(agent) for agent in self._agents().order_by("id")]

    def invite(self, person_id: int, role: str, department_ids: Sequence[int], actor: Actor) -> Seat:
        person = Person.objects.filter(pk=person_id, is_active=True).first()
        departments = list(self.portal.departments.filter(pk__in=department_ids))
        if person is None or len(departments) != len(set(department_ids)):
            raise NotFound
        return _seat(invite_agent(self.portal, person=person, role=role, departments=departments, actor=actor))

    def send_invitation_again(self, seat_id: int, actor: Actor) -> None:
        send_activation(self._agent(seat_id), actor=actor)

    def withdraw_invitation(self, seat_id: int, actor: Actor) -> None:
        withdraw_invitation(self._agent(seat_id), actor=actor)

    def change_seat(self, seat_id: int, role: str, actor: Actor) -> None:
        change_role(self._agent(seat_id), role=role, actor=actor)

    def _agents(self) -> QuerySet[Agent]:
        return Agent.objects.select_related("person", "portal", "profile").filter(portal=self.portal)

    def _agent(self, seat_id: int) -> Agent:
        found = self._agents().filter(pk=seat_id).first()
        if found is None:
            raise NotFound
        return found


def _role_of(profile: AgentProfile) -> Role:
    """A profile of the Desk's own, offered like a role."""
    held = tuple(label for _heading, rights in SECTIONS for name, label in rights if name in profile.permissions)
    is_administrator = not {"may_administer", "may_manage_agents"}.isdisjoint(profile.permissions)
    return Role(f"profile:{profile.pk}", profile.name, held or _ABILITIES[AgentRole.LIGHT_AGENT], is_administrator)


def _seat(agent: Agent) -> Seat:
    is_here = agent.person.is_active
    return Seat(
        id=agent.pk,
        person_id=agent.person_id,
        name=agent.person.name,
        email=agent.person.email,
        role=agent.grant,
        role_label=agent.grant_label,
        state=agent.state if is_here else "inactive",  # type: ignore[arg-type]
        is_administrator=agent.role == AgentRole.ADMINISTRATOR,
        expires_at=expires_at(agent),
    )
