"""Invitations to the Desk: a link that works once, for seven days, for the invited person only (spec P1)."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client

from kakehashi.core import clock
from kakehashi.desk.portals.access import DeskAccess
from kakehashi.desk.portals.inviting import invite_agent, send_activation, withdraw_invitation
from kakehashi.desk.portals.models import Agent, AgentRole, AgentState, Portal
from kakehashi.identity.mails.models import Mail
from kakehashi.identity.people.models import Person
from tests.makers.desk import make_administrator, make_desk_person, make_seat

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(portal: Portal) -> DeskAccess:
    return make_administrator(portal)


@pytest.fixture
def known() -> Person:
    """Somebody with a sign-in of their own."""
    person = make_desk_person(given_name="凪", language="ja")
    person.set_password("a long one of words")
    person.save()
    return person


def invite(portal: Portal, boss: DeskAccess, person: Person, role: str = AgentRole.AGENT) -> Agent:
    return invite_agent(portal, person=person, role=role, actor=boss.actor)


def link_in_mail(person: Person) -> str:
    text = Mail.objects.filter(recipient=person.email).latest("id").text
    found = re.search(r"https?://\S+", text)
    assert found
    return urlsplit(found[0]).path


def state_of(agent: Agent) -> str:
    agent.refresh_from_db()
    return agent.state


def test_somebody_with_a_sign_in_signs_in_and_has_the_seat(
    client: Client, portal: Portal, boss: DeskAccess, known: Person
) -> None:
    agent = invite(portal, boss, known)
    assert "招待" in Mail.objects.get(recipient=known.email).subject, "in the language of the person"
    assert "役割：担当者\n" in Mail.objects.get(recipient=known.email).text
    link = link_in_mail(known)
    answer = client.get(link)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/login/")
    assert state_of(agent) == AgentState.INVITED
    client.force_login(known)  # signing in changes what other links are bound to; this one still works
    assert client.get(link)["Location"] == f"/desk/{portal.pk}/"
    assert state_of(agent) == AgentState.ACTIVE
    assert client.get(link).status_code == 410, "once"


def test_a_new_person_sets_a_password_first(client: Client, portal: Portal, boss: DeskAccess) -> None:
    person = Person.objects.create_user("new@example.com", None, family_name="新谷", language="en")
    agent = invite(portal, boss, person)
    step = client.get(link_in_mail(person))
    names = {"family_name": "新谷", "given_name": "凪", "password": "a long one of words"}
    back = client.post(step["Location"], names)
    assert client.get(back["Location"])["Location"] == f"/desk/{portal.pk}/"
    assert state_of(agent) == AgentState.ACTIVE


def test_another_persons_session_does_not_take_the_seat(
    client: Client, portal: Portal, boss: DeskAccess, known: Person
) -> None:
    agent = invite(portal, boss, known)
    client.force_login(boss.person)
    answer = client.get(link_in_mail(known))
    assert answer.status_code == 409
    assert known.email in answer.content.decode()
    assert state_of(agent) == AgentState.INVITED


def test_the_link_dies_after_seven_days_after_a_newer_one_and_with_its_invitation(
    client: Client, portal: Portal, boss: DeskAccess, known: Person
) -> None:
    agent = invite(portal, boss, known)
    first = link_in_mail(known)
    client.force_login(known)
    with clock.frozen_at(clock.now() + timedelta(days=7, seconds=1)):
        assert client.get(first).status_code == 410
    send_activation(agent, actor=boss.actor)
    assert client.get(first).status_code == 410
    second = link_in_mail(known)
    withdraw_invitation(agent, actor=boss.actor)
    assert client.get(second).status_code == 410
    assert state_of(agent) == AgentState.INACTIVE


def test_who_sits_already_keeps_the_seat_in_the_new_role(portal: Portal, boss: DeskAccess) -> None:
    seat = make_seat(portal, AgentRole.AGENT)
    agent = invite(portal, boss, seat.person, AgentRole.LIGHT_AGENT)
    assert (agent.state, agent.role) == (AgentState.ACTIVE, AgentRole.LIGHT_AGENT)
    assert not Mail.objects.exists()


def test_the_agents_page_sends_again_and_withdraws(
    client: Client, portal: Portal, boss: DeskAccess, known: Person
) -> None:
    client.force_login(boss.person)
    here = f"/desk/{portal.pk}/settings/agents/"
    client.post(here, {"email": known.email, "role": "agent", "family_name": "", "given_name": ""})
    agent = Agent.objects.get(person=known)
    client.post(f"{here}{agent.pk}/invitation/")
    assert Mail.objects.filter(recipient=known.email).count() == 2
    client.post(f"{here}{agent.pk}/withdrawal/")
    assert state_of(agent) == AgentState.INACTIVE
    client.post(f"{here}{agent.pk}/withdrawal/")  # twice says so and changes nothing
    assert state_of(agent) == AgentState.INACTIVE
