"""Spec X6: open tickets in columns by what the CRM knows of their customers, by link, e-mail or phone, and by the agent's rights."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kakehashi.bridge.connection.ending import disable
from kakehashi.bridge.customer_types.models import CountedRecord, TypeColumn, TypeSorting
from kakehashi.bridge.deal_links.models import Sight
from kakehashi.bridge.deal_links.sight import choose_sight
from kakehashi.crm.orgs.models import Profile
from kakehashi.crm.records.actions import delete_record, update_record
from kakehashi.desk.portals.actions import create_department
from kakehashi.desk.tickets.actions import close_ticket
from kakehashi.identity.people.models import Person
from tests.bridge.deal_links.conftest import World, make_world
from tests.makers.crm import make_record
from tests.makers.desk import MAKER, make_contact, make_seat, make_ticket

pytestmark = pytest.mark.django_db(transaction=True)
Drain = Callable[[], int]
HX = {"HX-Request": "true"}


@pytest.fixture
def world(drain: Drain) -> World:
    made = make_world(drain)
    board(made)  # with the first look it begins
    drain()
    return made


def read(world: World, person: Person | None = None, **asked: Any) -> Any:
    url = reverse("desk_customer_types", args=[world.joined.portal.pk])
    return world.client(person).get(url, asked, headers=HX)


def board(world: World, person: Person | None = None, **asked: Any) -> dict[str, list[int]]:
    """The numbers of the tickets by column."""
    return {
        str(column.column.standard or column.column.name): [card.ticket.row.number for card in column.cards]
        for column in read(world, person, **asked).context["columns"]
    }


def stakes(world: World, person: Person | None = None) -> dict[str, str]:
    """What is at stake by column."""
    return {column.column.standard: column.stake for column in read(world, person).context["columns"]}


def stranger(world: World, **values: Any) -> int:
    """The number of a ticket of somebody whom no sync carried across."""
    return make_ticket(world.joined.portal, contact=make_contact(world.joined.portal, **values)).number


@pytest.mark.spec("X6")
def test_four_columns_by_link_by_e_mail_and_by_phone(world: World, drain: Drain) -> None:
    org, by_link = world.joined.org, world.ticket().number
    make_record(org, "Leads", Last_Name="森", Email="hinata@kotori.example")
    make_record(org, "Leads", Last_Name="平野", Phone="0256-00-4471")
    won = make_record(org, Last_Name="早川", Email="hayakawa@ruri.example")
    for stage in ("Closed Won", "Closed Lost"):
        world.another_deal(Stage=stage, Contact_Name=won.pk, Reason_For_Loss__s="Price")
    drain()
    by_mail = stranger(world, email="Hinata@Kotori.example")
    by_phone = stranger(world, email="", phone="０２５６（００）４４７１")
    unknown = stranger(world)
    bought = make_ticket(world.joined.portal, values={"email": "hayakawa@ruri.example"}).number
    drain()
    found = board(world)
    assert {key: sorted(numbers) for key, numbers in found.items()} == {
        "new": [unknown], "people": sorted([by_mail, by_phone]), "deals": [by_link], "customers": [bought],
    }  # fmt: skip


@pytest.mark.spec("X6")
def test_tickets_move_with_what_happens_on_either_side(world: World, drain: Drain) -> None:
    ticket = world.ticket()
    drain()
    assert board(world)["deals"] == [ticket.number]
    update_record(world.deal, values={"Stage": "Closed Won"}, actor=MAKER)
    drain()
    assert board(world)["customers"] == [ticket.number]
    another = world.another_deal()
    drain()
    assert board(world)["deals"] == [ticket.number]
    for deal in (another, world.deal):
        delete_record(deal, actor=MAKER)
    drain()
    assert board(world)["people"] == [ticket.number]
    close_ticket(ticket, actor=MAKER)
    drain()
    assert not any(board(world).values())
    assert not CountedRecord.objects.exists()


@pytest.mark.spec("X6")
def test_a_lead_that_comes_later_takes_its_tickets_along(world: World, drain: Drain) -> None:
    number = stranger(world, email="hello@yuzuki.example")
    drain()
    assert board(world)["new"] == [number]
    lead = make_record(world.joined.org, "Leads", Last_Name="柚木", Email="hello@yuzuki.example")
    drain()
    assert board(world)["people"] == [number]
    update_record(lead, values={"Email": "other@yuzuki.example"}, actor=MAKER)
    drain()
    assert board(world)["new"] == [number]


@pytest.mark.spec("X6")
def test_the_desks_rights_decide_and_a_department_can_be_chosen(world: World, drain: Drain) -> None:
    portal = world.joined.portal
    other = create_department(portal, name="Overseas", actor=MAKER)
    here, there = world.ticket(), world.ticket(department=other)
    drain()
    seat = make_seat(portal)
    seat.agent.departments.set([here.department])
    assert board(world, seat.person)["deals"] == [here.number]
    assert board(world, department=other.pk)["deals"] == [there.number]
    choose_sight(world.joined.connection, Sight.NOTHING, actor=world.joined.administrator.actor)
    page = world.client(seat.person).get(reverse("desk_customer_types", args=[portal.pk]))
    assert "show nothing of deals" in page.content.decode()
    more = reverse("desk_customer_type_more", args=[portal.pk, TypeColumn.objects.all()[0].pk])
    assert world.client(seat.person).get(more).status_code == 404


@pytest.mark.spec("X6")
def test_many_cost_as_many_queries_as_one_and_come_page_by_page(world: World, drain: Drain) -> None:
    world.ticket()
    drain()
    with CaptureQueriesContext(database) as few:
        board(world)
    contact = world.desk_contact
    for number in range(23):
        make_ticket(world.joined.portal, contact=contact)
        if number < 8:
            make_record(world.joined.org, "Leads", Last_Name="森", Email=f"{number}@kotori.example")
            stranger(world, email=f"{number}@kotori.example")
    drain()
    with CaptureQueriesContext(database) as many:
        page = board(world)
    assert len(many) == len(few) + 1  # a full column is counted
    assert (len(page["deals"]), len(page["people"])) == (20, 8)
    column = TypeColumn.objects.get(standard="deals")
    url = reverse("desk_customer_types", args=[world.joined.portal.pk])
    shown = next(one for one in world.client().get(url, headers=HX).context["columns"] if one.column == column)
    rest = world.client().get(
        reverse("desk_customer_type_more", args=[world.joined.portal.pk, column.pk]),
        {"after": shown.next, "opened": f"{column.pk}:20"},
        headers=HX,
    )
    assert (shown.count, len(rest.context["column"].cards), rest.context["column"].next) == (24, 4, "")
    assert len(board(world, opened=f"{column.pk}:24")["deals"]) == 24


@pytest.mark.spec("X6")
def test_a_card_names_the_deal_at_stake_by_rights(world: World, drain: Drain) -> None:
    world.ticket()
    drain()
    url = reverse("desk_customer_types", args=[world.joined.portal.pk])
    assert "¥4,860,000" in world.client().get(url).content.decode()
    seen = world.client(make_seat(world.joined.portal).person).get(url).content.decode()
    assert "温度監視の更新" in seen
    assert "4,860,000" not in seen


@pytest.mark.spec("X6")
def test_a_column_says_what_is_at_stake_by_the_readers_rights(world: World, drain: Drain) -> None:
    for _number in range(2):
        world.ticket()
    world.another_deal(Amount="1000000")
    world.another_deal(Amount="7000000", Stage="Closed Won")
    stranger(world)
    drain()
    assert stakes(world) == {"new": "", "people": "", "deals": "¥5,860,000", "customers": ""}
    seat = make_seat(world.joined.portal)
    assert not any(stakes(world, seat.person).values()), "who sees no amount sees no sum of them"
    choose_sight(world.joined.connection, Sight.AMOUNT, actor=world.joined.administrator.actor)
    assert stakes(world, seat.person)["deals"] == "¥5,860,000"
    colleague = world.agent()
    update_record(world.deal, values={"Owner": colleague.pk}, actor=MAKER)
    Profile.objects.filter(membership__person=colleague).update(module_rights={"default": {"view": "own"}})
    assert stakes(world, colleague)["deals"] == "¥4,860,000"
    seat.agent.departments.set([create_department(world.joined.portal, name="Overseas", actor=MAKER)])
    assert not any(stakes(world, seat.person).values()), "tickets follow the Desk's rights"


@pytest.mark.spec("X6")
def test_a_folded_column_stays_folded_for_who_folded_it_and_says_how_many_stand_there(
    world: World, drain: Drain
) -> None:
    ticket = world.ticket()
    drain()
    column = TypeColumn.objects.get(standard="deals")
    folding = reverse("desk_customer_type_folding", args=[world.joined.portal.pk, column.pk])
    answer = world.client().post(folding, {"folded": "1"}, headers=HX)
    assert "column-folded" in answer.headers["HX-Trigger"]
    world.client().post(folding, {"folded": "1"})
    shown = next(one for one in read(world).context["columns"] if one.column == column)
    assert (shown.is_folded, shown.count, shown.cards, shown.stake) == (True, 1, [], "¥4,860,000")
    assert board(world, make_seat(world.joined.portal).person)["deals"] == [ticket.number]
    world.client().post(folding, {"folded": ""}, headers=HX)
    assert board(world)["deals"] == [ticket.number]


@pytest.mark.spec("X4", "X6")
def test_it_ends_with_the_connection_and_says_so(world: World, drain: Drain) -> None:
    world.ticket()
    drain()
    disable(world.joined.connection, actor=world.joined.administrator.actor)
    url = reverse("desk_customer_types", args=[world.joined.portal.pk])
    page = world.client().get(url)
    assert "not connected to a CRM" in page.content.decode()
    assert "customer_types" not in [tab.key for tab in page.context["workspace"].tabs]


def test_sorting_goes_on_where_it_was_and_a_board_that_nobody_opened_costs_nothing(drain: Drain) -> None:
    world = make_world(drain)
    numbers = [world.ticket().number for _number in range(3)]
    drain()
    assert not CountedRecord.objects.exists()
    board(world)
    TypeSorting.objects.update(after_id=0)
    drain()
    assert TypeSorting.objects.get().finished_at
    assert sorted(board(world)["deals"]) == numbers
