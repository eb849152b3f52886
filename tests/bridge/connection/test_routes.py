"""Spec S4 and the preconditions: somebody else's portal by key, and everything that may be wrong on the way."""

from threading import Thread

import pytest
from django.db import connection as database
from django.test import Client
from django.urls import reverse

from kakehashi.bridge.connection.actions import connect
from kakehashi.bridge.connection.models import Connection
from kakehashi.crm.modules.models import Module
from kakehashi.crm.orgs.models import Org
from kakehashi.desk.developer.actions import make_key
from kakehashi.desk.developer.keys import new_key
from kakehashi.desk.developer.models import KeyAttempt
from kakehashi.desk.portals.models import Agent, Portal
from kakehashi.identity.people.models import Person
from tests.makers.crm import make_member, make_org, make_person
from tests.makers.desk import make_administrator, make_portal

pytestmark = pytest.mark.django_db(transaction=True)


class World:
    """An administrator of a CRM, and a portal that somebody else administers."""

    def __init__(self) -> None:
        self.person: Person = make_person(language="en")
        self.org: Org = make_org(administrator=self.person, language="en")
        self.portal: Portal = make_portal(name="Kumoi Support")
        self.boss = make_administrator(self.portal, family_name="雲井", given_name="遥")
        self.key = make_key(self.portal, days=7, actor=self.boss.actor)[1]
        self.client = self.sign_in()

    def sign_in(self) -> Client:
        client = Client()
        client.force_login(self.person)
        return client

    @property
    def setup(self) -> str:
        return reverse("desk_integration_setup", args=[self.org.pk])

    def open(self, email: str, key: str):  # type: ignore[no-untyped-def]
        return self.client.post(self.setup, {"open": "1", "email": email, "key": key})


@pytest.fixture
def world() -> World:
    return World()


@pytest.mark.spec("S4")
def test_route_c_opens_somebody_elses_portal_and_they_answer_for_it(world: World) -> None:
    opened = world.open(world.boss.person.email, world.key)
    page = opened.content.decode()
    assert opened.status_code == 200
    assert "Kumoi Support" in page
    assert "Test run" in page
    assert not Connection.objects.exists(), "nothing is made before the last step"
    sent = {"opened": opened.context["opened"], "modules": ["accounts", "contacts"], "finish": "1"}
    assert world.client.post(world.setup, sent).status_code == 302
    made = Connection.objects.get()
    assert made.portal_id == world.portal.pk
    assert list(made.owners.values_list("person_id", flat=True)) == [world.boss.person.pk]
    assert not Agent.objects.filter(portal=world.portal, person=world.person).exists()
    assert "Settings closed" not in world.client.get(reverse("desk_integration", args=[world.org.pk])).content.decode()


@pytest.mark.spec("S4")
def test_a_wrong_pair_says_the_same_whatever_was_wrong_and_keeps_what_was_typed(world: World) -> None:
    wrong_key = world.open(world.boss.person.email, new_key())
    wrong_address = world.open("someone@example.com", world.key)
    assert wrong_key.status_code == wrong_address.status_code == 422
    assert wrong_key.context["key_form"].errors == wrong_address.context["key_form"].errors
    assert world.boss.person.email in wrong_key.content.decode()
    assert world.open("", "").status_code == 422
    for _ in range(3):
        world.open(world.boss.person.email, new_key())
    stopped = world.open(world.boss.person.email, world.key)
    assert stopped.status_code == 429
    assert KeyAttempt.objects.filter(was_stopped=True).count() == 1


def test_what_a_key_opened_is_good_for_this_person_in_this_org_only(world: World) -> None:
    opened = world.open(world.boss.person.email, world.key).context["opened"]
    other = make_org(administrator=world.person, language="en")
    sent = {"opened": opened, "modules": ["contacts"], "finish": "1"}
    for address, text in [(reverse("desk_integration_setup", args=[other.pk]), opened), (world.setup, opened + "x")]:
        refused = world.client.post(address, {**sent, "opened": text})
        assert refused.status_code == 422
        assert "Enter the key once more." in refused.content.decode()
    assert not Connection.objects.exists()


def test_going_back_or_a_wrong_key_blames_no_field_that_was_not_asked(world: World) -> None:
    sealed = world.open(world.boss.person.email, world.key).context["opened"]
    back = world.client.post(world.setup, {"opened": sealed, "back": "1"}).content.decode()
    wrong = world.open(world.boss.person.email, new_key()).content.decode()
    assert "Enter a name for the portal." not in back + wrong


def test_a_taken_portal_is_named_with_its_org_to_its_members_only(world: World) -> None:
    mine = make_portal(name="Minamo Desk", administrator=world.person)
    known = make_org(name="知人商事", administrator=world.person, language="en")
    connect(org_id=known.pk, portal_id=mine.pk, modules=["contacts"], actor=world.person.as_actor())
    assert "is connected to “知人商事”" in world.client.get(world.setup).content.decode()
    stranger = make_org(name="他人物産", language="en")
    Connection.objects.update(org_id=stranger.pk)
    page = world.client.get(world.setup).content.decode()
    assert "another organisation" in page
    assert "他人物産" not in page


def test_a_module_that_is_switched_off_is_said_with_its_cure_and_stops_the_finish(world: World) -> None:
    Module.objects.filter(org=world.org, api_name="Accounts").update(is_visible=False)
    Org.objects.filter(pk=world.org.pk).update(schema_version="00000000-0000-4000-8000-000000000001")
    page = world.client.get(world.setup).content.decode()
    assert "This module is switched off in the CRM." in page
    assert reverse("crm_module", args=[world.org.pk, "Accounts"]) in page
    sent = {"name": "Minamo", "modules": ["accounts"], "finish": "1"}
    assert world.client.post(world.setup, sent).status_code == 422
    assert not Connection.objects.exists()
    assert world.client.post(world.setup, {**sent, "modules": ["contacts"]}).status_code == 302


def test_of_two_browsers_that_finish_at_once_one_wins_and_the_other_is_told(world: World) -> None:
    mine = make_portal(name="Minamo Desk", administrator=world.person)
    colleague = make_member(world.org, profile="Administrator").person
    answers: list[int] = []

    def finish(person: Person, portal: str) -> None:
        client = Client()
        client.force_login(person)
        sent = {"portal": portal, "name": "Second", "modules": ["contacts"], "finish": "1"}
        answer = client.post(world.setup, sent)
        answers.append(answer.status_code)
        database.close()

    threads = [
        Thread(target=finish, args=(world.person, str(mine.pk))),
        Thread(target=finish, args=(colleague, "new")),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Connection.objects.count() == 1
    assert min(answers) == 302
    assert max(answers) in (302, 409)
    assert Portal.objects.filter(name="Second").count() == Connection.objects.exclude(portal_id=mine.pk).count()
