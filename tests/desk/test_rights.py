"""Spec P2, P4: who may do what, asked of every action, whoever calls it."""

from collections.abc import Callable
from typing import Any

import pytest

from kakehashi.core.actors import Actor
from kakehashi.core.errors import NotAllowed, NotFound
from kakehashi.desk.conversations.actions import add_comment, send_reply
from kakehashi.desk.customers.actions import create_contact, delete_contact, update_contact
from kakehashi.desk.portals.access import find_access
from kakehashi.desk.portals.actions import (
    LastAdministrator,
    add_agent,
    change_role,
    create_department,
    deactivate_agent,
    update_portal,
)
from kakehashi.desk.portals.models import Agent, AgentRole, AgentState, Portal
from kakehashi.desk.portals.rights import rights_of
from kakehashi.desk.tickets.actions import close_ticket, delete_ticket, update_ticket
from kakehashi.desk.tickets.models import Ticket
from tests.makers.desk import MAKER, make_administrator, make_contact, make_desk_person, make_ticket

from .conftest import People

pytestmark = pytest.mark.django_db
Deed = Callable[[Ticket, Actor], Any]

REPLY: Deed = lambda ticket, actor: send_reply(ticket, html="<p>x</p>", to=["a@example.com"], actor=actor)  # noqa: E731
FORWARD: Deed = lambda ticket, actor: send_reply(  # noqa: E731
    ticket, html="<p>x</p>", to=["a@example.com"], is_forward=True, actor=actor
)
INTERNAL: Deed = lambda ticket, actor: add_comment(ticket, html="<p>x</p>", actor=actor)  # noqa: E731
PUBLIC: Deed = lambda ticket, actor: add_comment(ticket, html="<p>x</p>", is_public=True, actor=actor)  # noqa: E731
UPDATE: Deed = lambda ticket, actor: update_ticket(ticket, values={"priority": "High"}, actor=actor)  # noqa: E731
CLOSE: Deed = lambda ticket, actor: close_ticket(ticket, actor=actor)  # noqa: E731
DELETE: Deed = lambda ticket, actor: delete_ticket(ticket, actor=actor)  # noqa: E731
CREATE: Deed = lambda ticket, actor: make_ticket(ticket.portal, actor=actor)  # noqa: E731
CONTACT: Deed = lambda ticket, actor: create_contact(ticket.portal, values={"lastName": "x"}, actor=actor)  # noqa: E731
EDIT: Deed = lambda ticket, actor: update_contact(ticket.contact, values={"phone": "1"}, actor=actor)  # type: ignore[arg-type]  # noqa: E731
BIN: Deed = lambda ticket, actor: delete_contact(ticket.contact, actor=actor)  # type: ignore[arg-type]  # noqa: E731
SETTINGS: Deed = lambda ticket, actor: update_portal(ticket.portal, name="x", language="ja", actor=actor)  # noqa: E731
DEPARTMENT: Deed = lambda ticket, actor: create_department(ticket.portal, name="x", actor=actor)  # noqa: E731
AGENT: Deed = lambda ticket, actor: add_agent(  # noqa: E731
    ticket.portal, person=make_desk_person(), role=AgentRole.AGENT, actor=actor
)
DEEDS: dict[str, tuple[Deed, set[str]]] = {
    "reply": (REPLY, {"administrator", "agent"}),
    "forward": (FORWARD, {"administrator", "agent"}),
    "comment internally": (INTERNAL, {"administrator", "agent", "light_agent", "without a seat", "inactive"}),
    "comment publicly": (PUBLIC, {"administrator", "agent"}),
    "update": (UPDATE, {"administrator", "agent"}),
    "close": (CLOSE, {"administrator", "agent"}),
    "delete": (DELETE, {"administrator", "agent"}),
    "create a ticket": (CREATE, {"administrator", "agent"}),
    "create a contact": (CONTACT, {"administrator", "agent"}),
    "edit a contact": (EDIT, {"administrator", "agent"}),
    "delete a contact": (BIN, {"administrator", "agent"}),
    "rename the portal": (SETTINGS, {"administrator"}),
    "make a department": (DEPARTMENT, {"administrator"}),
    "add an agent": (AGENT, {"administrator"}),
}


@pytest.fixture
def actors(portal: Portal, people: People) -> dict[str, Actor]:
    gone = make_desk_person()
    add_agent(portal, person=gone, role=AgentRole.AGENT, state=AgentState.INACTIVE, actor=MAKER)
    return {
        "administrator": people.administrator.actor,
        "agent": people.agent.actor,
        "light_agent": people.light_agent.actor,
        "without a seat": people.stranger.as_actor(),
        "inactive": gone.as_actor(),
    }


@pytest.mark.spec("P2", "P4", "T6")
@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize("who", ["administrator", "agent", "light_agent", "without a seat", "inactive"])
def test_the_matrix_of_roles_and_deeds(portal: Portal, actors: dict[str, Actor], who: str, deed: str) -> None:
    ticket = make_ticket(portal, contact=make_contact(portal))
    do, allowed = DEEDS[deed]
    if who in allowed:
        do(ticket, actors[who])
    else:
        with pytest.raises(NotAllowed):
            do(ticket, actors[who])


@pytest.mark.spec("P2")
def test_an_agent_takes_tickets_but_only_an_administrator_gives_them_to_others(portal: Portal, people: People) -> None:
    ticket = make_ticket(portal)
    own, other = people.agent.agent.pk, people.administrator.agent.pk
    update_ticket(ticket, values={"assigneeId": own}, actor=people.agent.actor)
    update_ticket(ticket, values={"assigneeId": None}, actor=people.agent.actor)
    with pytest.raises(NotAllowed):
        update_ticket(ticket, values={"assigneeId": other}, actor=people.agent.actor)
    update_ticket(ticket, values={"assigneeId": other}, actor=people.administrator.actor)
    with pytest.raises(NotAllowed):
        update_ticket(ticket, values={"assigneeId": None}, actor=people.agent.actor)


def test_a_connection_may_write_without_a_seat(portal: Portal) -> None:
    sync = Actor(person_id=None, name="CRM", origin="connection:4")
    assert create_contact(portal, values={"lastName": "相沢"}, actor=sync).pk


def test_an_actor_that_is_nobody_may_do_nothing_but_comment(portal: Portal) -> None:
    with pytest.raises(NotAllowed):
        make_ticket(portal, actor=Actor(person_id=None, name="?"))


def test_the_last_administrator_stays(portal: Portal) -> None:
    only = Agent.objects.get(portal=portal, role=AgentRole.ADMINISTRATOR)
    actor = only.person.as_actor()
    with pytest.raises(LastAdministrator):
        deactivate_agent(only, actor=actor)
    with pytest.raises(LastAdministrator):
        change_role(only, role=AgentRole.AGENT, actor=actor)
    second = make_administrator(portal)
    deactivate_agent(only, actor=second.actor)
    assert rights_of(Agent.objects.get(pk=only.pk)).may_reply is False


def test_a_seat_opens_its_own_portal_only(portal: Portal, people: People) -> None:
    assert find_access(people.agent.person, portal.pk).rights.may_reply
    with pytest.raises(NotFound):
        find_access(people.stranger, portal.pk)


def test_who_was_invited_takes_the_seat_by_signing_in(portal: Portal, people: People) -> None:
    guest = make_desk_person()
    add_agent(portal, person=guest, role=AgentRole.AGENT, state=AgentState.INVITED, actor=MAKER)
    with pytest.raises(NotFound):
        find_access(guest, portal.pk)
    people.stranger = guest
    assert people.client_of("stranger").get(f"/desk/{portal.pk}/tickets/").status_code == 200
    assert Agent.objects.get(person=guest).state == AgentState.ACTIVE
