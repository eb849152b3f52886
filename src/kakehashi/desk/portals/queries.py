from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from kakehashi.core.fixed_reads import fixed_read
from kakehashi.ui.shell.workspace import WorkspaceLink

from .models import Agent, AgentRole, AgentState, Portal


def portals_of(person_id: int) -> QuerySet[Portal]:
    """Where this person has an active seat."""
    return Portal.objects.filter(agents__person_id=person_id, agents__state=AgentState.ACTIVE).order_by("name", "id")


def portals_administered_by(person_id: int) -> QuerySet[Portal]:
    return Portal.objects.filter(
        agents__person_id=person_id, agents__state=AgentState.ACTIVE, agents__role=AgentRole.ADMINISTRATOR
    ).order_by("name", "id")


def active_agents(portal: Portal) -> QuerySet[Agent]:
    return _active(portal.pk)


def agents_seeing(portal: Portal, department_id: int) -> QuerySet[Agent]:
    """Everybody with an active seat who may open the tickets of a department (the rule of `access.find_access`, asked the other way)."""
    return seeing(portal.pk, department_id)


def seeing(portal_id: int, department_id: int) -> QuerySet[Agent]:
    """The same by ids, for queries that are written once."""
    sees_all = Q(role=AgentRole.ADMINISTRATOR) | Q(profile__permissions__contains=["sees_all_departments"])
    given = Agent.departments.through.objects.filter(agent=OuterRef("pk"))
    inside = Exists(given.filter(department=department_id))
    return _active(portal_id).filter(sees_all | ~Exists(given) | inside)


def possible_assignees(portal: Portal) -> QuerySet[Agent]:
    """Who may be given a ticket: light agents only comment."""
    return _assignable(portal.pk)


def read_assignees(portal: Portal) -> list[Agent]:
    """The same, read; a page of tickets asks this each time."""
    return _read_assignees(portal.pk)


@fixed_read
def _read_assignees(portal_id: int) -> QuerySet[Agent]:
    return _assignable(portal_id)


def _assignable(portal_id: int) -> QuerySet[Agent]:
    return _active(portal_id).exclude(role=AgentRole.LIGHT_AGENT)


def _active(portal_id: int) -> QuerySet[Agent]:
    return Agent.objects.filter(portal_id=portal_id, state=AgentState.ACTIVE).select_related("person", "profile")


def workspace_links(person_id: int) -> Iterable[WorkspaceLink]:
    """The switcher's entries."""
    return [WorkspaceLink("desk", portal.name, reverse("desk_home", args=[portal.pk])) for portal in _named(person_id)]


@fixed_read
def _named(person_id: int) -> QuerySet[Portal]:
    return portals_of(person_id).only("name")
