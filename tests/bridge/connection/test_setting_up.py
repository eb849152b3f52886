"""Spec S1–S3, S5, S6: who may set the connection up, along routes A and B, and what the page says afterwards."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from kakehashi.bridge.connection.actions import IsConnectedAlready, connect
from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.sync.marking import Mark, mark
from kakehashi.bridge.sync.models import Dirty, Link, Run
from kakehashi.crm.orgs.models import Org
from kakehashi.desk.customers.models import Contact
from kakehashi.desk.portals.actions import add_agent
from kakehashi.desk.portals.models import Agent, Portal
from kakehashi.identity.people.models import Person
from tests.makers.crm import make_member, make_org, make_person, make_record, make_stranger
from tests.makers.desk import MAKER, make_portal

pytestmark = pytest.mark.django_db(transaction=True)


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def make_world() -> tuple[Client, Org, Person]:
    person = make_person(language="en")
    return signed_in(person), make_org(administrator=person, language="en"), person


@pytest.mark.spec("S3", "S6", "Y8")
def test_route_b_makes_the_portal_connects_it_and_starts_the_first_sync(drain: Callable[[], int]) -> None:
    client, org, person = make_world()
    make_record(org, Last_Name="相沢")
    here, setup = reverse("desk_integration", args=[org.pk]), reverse("desk_integration_setup", args=[org.pk])
    assert b"Set up now" in client.get(here).content
    chosen = client.post(setup, {"name": "minamo-support"})
    assert b"Choose what is kept in sync" in chosen.content
    assert not Portal.objects.exists()
    done = client.post(setup, {"name": "minamo-support", "modules": ["accounts", "contacts"], "finish": "1"})
    assert done.url == here  # type: ignore[attr-defined]
    portal = Portal.objects.get(name="minamo-support")
    assert Agent.objects.get(portal=portal, role="administrator").person == person
    page = client.get(here).content.decode()
    assert "First sync is running" in page
    assert person.name in page
    drain()
    assert Contact.objects.get(portal=portal).last_name == "相沢"
    assert "In sync" in client.get(here).content.decode()
    link = Link.objects.get(module="contacts")
    mark(link.connection_id, [Mark("contacts", "crm", link.crm_id or 0)])
    Dirty.objects.update(reason="Phone: Enter a number", attempts=3)
    card = client.get(f"{here}sync").content.decode()
    assert "Needs attention" in card


@pytest.mark.spec("S7")
def test_the_desk_leads_its_administrator_to_the_crms_that_they_may_connect() -> None:
    client, org, person = make_world()
    make_portal(name="Another", administrator=person)
    portal = make_portal(name="Minamo Support", administrator=person)
    busy, foreign = make_org(administrator=person, language="en"), make_org()
    connect(org_id=busy.pk, portal_id=make_portal().pk, modules=["contacts"], actor=person.as_actor())
    member = make_member(foreign)
    page = client.get(reverse("desk_connection", args=[portal.pk])).content.decode()
    setup = f"{reverse('desk_integration_setup', args=[org.pk])}?portal={portal.pk}"
    assert setup in page
    for other in (busy, foreign):
        assert reverse("desk_integration_setup", args=[other.pk]) not in page
    assert re.search(rf'value="{portal.pk}"[^>]* checked', client.get(setup).content.decode())
    add_agent(portal, person=member.person, role="agent", actor=MAKER)
    told = signed_in(member.person).get(reverse("desk_connection", args=[portal.pk])).content.decode()
    assert "?portal=" not in told


@pytest.mark.spec("S2")
def test_route_a_offers_the_portals_where_one_is_administrator() -> None:
    client, org, person = make_world()
    mine, others = make_portal(name="Minamo Support", administrator=person), make_portal(name="Kumoi Support")
    setup = reverse("desk_integration_setup", args=[org.pk])
    page = client.get(setup).content.decode()
    assert "Minamo Support" in page
    assert "Kumoi" not in page
    refused = client.post(setup, {"portal": others.pk, "modules": ["contacts"], "finish": "1"})
    assert refused.status_code == 422
    client.post(setup, {"portal": mine.pk, "modules": ["contacts"], "finish": "1"})
    assert Connection.objects.get(org_id=org.pk).portal_id == mine.pk


@pytest.mark.spec("S1")
def test_others_are_told_who_can() -> None:
    _client, org, administrator = make_world()
    colleague = signed_in(make_member(org, language="en").person)
    refused = colleague.get(reverse("desk_integration", args=[org.pk]))
    assert refused.status_code == 403
    assert administrator.name in refused.content.decode()
    assert signed_in(make_stranger()).get(reverse("desk_integration", args=[org.pk])).status_code == 404


@pytest.mark.spec("S5")
def test_an_org_and_a_portal_have_one_connection_each() -> None:
    _client, org, person = make_world()
    portal = make_portal(administrator=person)
    connect(org_id=org.pk, portal_id=portal.pk, modules=["contacts"], actor=person.as_actor())
    for org_id, portal_id in [(org.pk, make_portal().pk), (make_org().pk, portal.pk)]:
        with pytest.raises(IsConnectedAlready):
            connect(org_id=org_id, portal_id=portal_id, modules=["contacts"], actor=person.as_actor())


def test_what_is_missing_is_said_beside_its_field() -> None:
    client, org, _person = make_world()
    setup = reverse("desk_integration_setup", args=[org.pk])
    nameless = client.post(setup, {"name": " "})
    assert (nameless.status_code, b"Enter a name for the portal." in nameless.content) == (422, True)
    nothing = client.post(setup, {"name": "minamo", "finish": "1"})
    assert (nothing.status_code, b"Choose at least one module." in nothing.content) == (422, True)
    assert b'value="minamo"' in nothing.content


def test_a_connection_that_somebody_else_just_made_leaves_no_portal_behind() -> None:
    client, org, person = make_world()
    setup = reverse("desk_integration_setup", args=[org.pk])
    connect(org_id=org.pk, portal_id=make_portal().pk, modules=["contacts"], actor=person.as_actor())
    before = Portal.objects.count()
    late = client.post(setup, {"name": "second", "modules": ["contacts"], "finish": "1"})
    assert late.status_code == 302
    assert Portal.objects.count() == before


@pytest.mark.spec("Y9")
def test_sync_is_paused_and_resumed_from_the_page() -> None:
    client, org, person = make_world()
    connect(
        org_id=org.pk, portal_id=make_portal(administrator=person).pk, modules=["contacts"], actor=person.as_actor()
    )
    client.post(reverse("desk_integration_pause", args=[org.pk]))
    assert "Resume sync" in client.get(reverse("desk_integration", args=[org.pk])).content.decode()
    assert client.post(reverse("desk_integration_pause", args=[org.pk])).status_code == 409
    client.post(reverse("desk_integration_resumption", args=[org.pk]))
    states = list(Connection.objects.get().transitions.values_list("state", "by_name"))
    assert states == [("connected", person.name), ("paused", person.name), ("connected", person.name)]


def test_unclear_matches_are_shown_with_their_candidates_and_tried_again(drain: Callable[[], int]) -> None:
    client, org, person = make_world()
    portal = make_portal(administrator=person)
    from tests.makers.desk import make_contact

    twins = [make_contact(portal, lastName=name, email="info@tsukimizaka.example") for name in ("Aizawa", "Toda")]
    make_record(org, Last_Name="相沢", Email="info@tsukimizaka.example")
    connect(org_id=org.pk, portal_id=portal.pk, modules=["contacts"], actor=person.as_actor())
    drain()
    page = client.get(reverse("desk_integration_matches", args=[org.pk])).content.decode()
    assert "Several Desk records have the same" in page
    assert "Aizawa" in page
    Contact.objects.filter(pk=twins[1].pk).update(email="", email_normal="")
    client.post(reverse("desk_integration_retry", args=[org.pk]))
    drain()
    assert b"Nobody waits for a decision." in client.get(reverse("desk_integration_matches", args=[org.pk])).content


def test_the_sync_card_shows_progress_while_a_run_goes_on() -> None:
    client, org, person = make_world()
    make_record(org)
    connection = connect(org_id=org.pk, portal_id=make_portal().pk, modules=["contacts"], actor=person.as_actor())
    Run.objects.filter(connection=connection).update(progress={"contacts": {"seen": 3048, "total": 4182}}, rate=10)
    card = client.get(reverse("desk_integration_sync", args=[org.pk])).content.decode()
    assert "3,048 / 4,182" in card
    assert 'aria-valuenow="73"' in card
    assert "every 1s" in card
