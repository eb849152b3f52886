"""Spec X7: the Desk's pages show what the CRM knows of a customer, by the reader's rights, without waiting for it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kakehashi.bridge.connection.ending import disable
from kakehashi.bridge.customer_card import desk_pages
from kakehashi.bridge.deal_links.models import Sight
from kakehashi.bridge.deal_links.sight import choose_sight
from kakehashi.bridge.sides import directory
from kakehashi.bridge.sides.failures import SideIsAway
from kakehashi.desk.portals.actions import create_department
from kakehashi.identity.people.models import Person
from tests.bridge.deal_links.conftest import World, make_world
from tests.makers.belongings import make_note
from tests.makers.crm import make_record
from tests.makers.desk import MAKER, make_contact, make_seat, make_ticket

pytestmark = pytest.mark.django_db(transaction=True)
HX = {"HX-Request": "true"}


@pytest.fixture
def world(drain: Callable[[], int]) -> World:
    return make_world(drain)


def card(world: World, person: Person | None = None, **asked: Any) -> str:
    url = reverse("desk_crm_card", args=[world.joined.portal.pk])
    return world.client(person).get(url, asked, headers=HX).content.decode()


@pytest.mark.spec("X7")
def test_who_works_in_the_crm_sees_records_open_deals_and_notes(world: World) -> None:
    make_note(world.contact, "更新は12月に判断", actor=world.joined.administrator.actor)
    world.another_deal(Deal_Name="終わった商談", Stage="Closed Won")
    for asked in (
        {"ticket": world.ticket().pk},
        {"contact": world.desk_contact.pk},
        {"contactId": world.desk_contact.pk},
    ):
        seen = card(world, **asked)
        assert reverse("crm_record", args=[world.joined.org.pk, "Contacts", world.contact.pk]) in seen
        assert "月見坂食品" in seen
        assert "温度監視の更新" in seen
        assert "¥4,860,000" in seen
        assert "更新は12月に判断" in seen
        assert "終わった商談" not in seen


@pytest.mark.spec("X7")
def test_rights_of_the_crm_and_the_connections_choice_decide(world: World) -> None:
    ticket, agent = world.ticket(), make_seat(world.joined.portal).person
    make_note(world.contact, "内緒", actor=world.joined.administrator.actor)
    seen = card(world, agent, ticket=ticket.pk)
    assert "温度監視の更新" in seen
    assert "4,860,000" not in seen
    assert "内緒" not in seen
    assert "With an account in the CRM" in seen
    choose_sight(world.joined.connection, Sight.NOTHING, actor=world.joined.administrator.actor)
    assert "温度監視の更新" not in card(world, agent, ticket=ticket.pk)
    other = create_department(world.joined.portal, name="Overseas", actor=MAKER)
    seat = make_seat(world.joined.portal)
    seat.agent.departments.set([other])
    assert "does not know" in card(world, seat.person, ticket=ticket.pk)


@pytest.mark.spec("X7")
def test_strangers_are_told_apart_and_leads_are_found_by_e_mail(world: World) -> None:
    portal = world.joined.portal
    stranger = make_ticket(portal, contact=make_contact(portal, email="hello@yuzuki.example"))
    assert "does not know this customer" in card(world, ticket=stranger.pk)
    make_record(world.joined.org, "Leads", Last_Name="柚木", Email="hello@yuzuki.example", Company="ゆづきカフェ")
    assert "ゆづきカフェ" in card(world, ticket=stranger.pk)
    assert "Choose a contact" in card(world)


@contextmanager
def crm_that(failing: Exception) -> Iterator[None]:
    """A CRM that cannot tell of records."""
    sides = directory._filled[0]

    class Failing:
        def __init__(self, org_id: int) -> None:
            self._crm = sides.crm(org_id)

        def __getattr__(self, name: str) -> Any:
            if name == "record_cards":
                raise failing
            return getattr(self._crm, name)

    directory.use_sides(replace(sides, crm=Failing))  # type: ignore[arg-type]  # all of a side but one call
    try:
        yield
    finally:
        directory.use_sides(sides)


@pytest.mark.spec("X7")
def test_a_crm_that_is_slow_or_away_is_told_in_words_with_another_try(world: World) -> None:
    ticket = world.ticket()
    for failing, words in ((SideIsAway(), "does not answer"), (desk_pages.TookTooLong(), "takes too long")):
        with crm_that(failing):
            seen = card(world, ticket=ticket.pk)
        assert words in seen
        assert "Try again" in seen


@pytest.mark.spec("X4", "X7")
def test_no_page_waits_for_it_and_it_ends_with_the_connection(world: World) -> None:
    ticket, portal = world.ticket(), world.joined.portal
    pages = [
        reverse("desk_ticket", args=[portal.pk, ticket.pk]),
        reverse("desk_contact", args=[portal.pk, world.desk_contact.pk]),
        reverse("desk_ticket_new", args=[portal.pk]),
    ]
    for page in pages:
        html = world.client().get(page).content.decode()
        assert reverse("desk_crm_card", args=[portal.pk]) in html
        assert "月見坂食品" in html or "new" in page
    disable(world.joined.connection, actor=world.joined.administrator.actor)
    for page in pages:
        assert "crm-card" not in world.client().get(page).content.decode()
    assert world.client().get(reverse("desk_crm_card", args=[portal.pk]), headers=HX).status_code == 404


def test_many_deals_cost_as_many_queries_as_one(world: World) -> None:
    ticket = world.ticket()
    with CaptureQueriesContext(database) as few:
        card(world, ticket=ticket.pk)
    for number in range(8):
        world.another_deal(Deal_Name=f"商談 {number}")
    with CaptureQueriesContext(database) as many:
        assert "and 4 more" in card(world, ticket=ticket.pk)
    assert len(many) == len(few)
