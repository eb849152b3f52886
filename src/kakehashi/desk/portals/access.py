"""Who is asking, and in which portal. A stranger gets the same answer as for a portal that does not exist."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from kakehashi.core.actors import Actor
from kakehashi.core.errors import NotFound
from kakehashi.core.fixed_reads import first_row, fixed_read
from kakehashi.core.once import asked_once
from kakehashi.identity.people.models import Person

from .actions import activate_agent
from .models import Agent, AgentState, Department, Portal
from .rights import Rights, require_right, rights_of


@dataclass(frozen=True, slots=True)
class DeskAccess:
    """A person inside a portal. `department_ids` is None for those who see every department."""

    portal: Portal
    agent: Agent
    person: Person
    rights: Rights
    department_ids: frozenset[int] | None = None

    @property
    def actor(self) -> Actor:
        return self.person.as_actor()

    def require(self, right: str) -> None:
        require_right(self.rights, right)

    def sees(self, department_id: int) -> bool:
        return self.department_ids is None or department_id in self.department_ids


def find_access(person: Person, portal_id: int) -> DeskAccess:
    """The person's access to a portal. Raises `NotFound` for strangers, the invited and the inactive."""
    return _access(_seat(person.pk, portal_id), person)


def access_of(person_id: int, portal_id: int) -> DeskAccess:
    """The same for somebody known by id only; one query. Raises `NotFound`."""
    agent = _seat(person_id, portal_id)
    if agent is None:
        raise NotFound
    return _access(agent, agent.person)


def is_seated(person_id: int, portal_id: int) -> bool:
    """Whether this person has an active seat."""
    agent = _seat(person_id, portal_id)
    return agent is not None and agent.state == AgentState.ACTIVE


@asked_once
def _seat(person_id: int, portal_id: int) -> Agent | None:
    return first_row(_seats(person_id, portal_id))


@fixed_read
def _seats(person_id: int, portal_id: int) -> QuerySet[Agent]:
    seats = Agent.objects.select_related("portal", "profile", "person")
    return seats.filter(portal_id=portal_id, person_id=person_id)


def _access(agent: Agent | None, person: Person) -> DeskAccess:
    if agent is None or agent.state != AgentState.ACTIVE:
        raise NotFound
    agent.person = person
    rights = rights_of(agent)
    return DeskAccess(agent.portal, agent, person, rights, _department_ids(agent, rights))


Page = Callable[..., HttpResponseBase]


def desk_page(page: Page) -> Page:
    """A page of the Desk: `/desk/<portal_id>/…` becomes `page(request, access, …)`; sign-in first, 404 for strangers."""

    @login_required
    @wraps(page)
    def with_access(request: HttpRequest, portal_id: int, **rest: Any) -> HttpResponseBase:
        person = request.user
        if not isinstance(person, Person):
            raise NotFound
        return page(request, _enter(person, portal_id), **rest)

    return with_access


def _enter(person: Person, portal_id: int) -> DeskAccess:
    """Somebody invited who has signed in has shown who they are: the seat is theirs."""
    agent = _seat(person.pk, portal_id)
    if agent is not None and agent.state == AgentState.INVITED:
        agent = activate_agent(agent, actor=person.as_actor())
    return _access(agent, person)


def _department_ids(agent: Agent, rights: Rights) -> frozenset[int] | None:
    """Administrators see all departments; so do agents who were not given any in particular (`queries.agents_seeing`)."""
    return None if rights.sees_all_departments else _departments_given(agent) or None


@asked_once
def _departments_given(agent: Agent) -> frozenset[int]:
    return frozenset(department_id for (department_id,) in _given(agent.pk))


@fixed_read
def _given(agent_id: int) -> QuerySet[Department, tuple[int]]:
    return Department.objects.filter(agents=agent_id).order_by().values_list("pk")
