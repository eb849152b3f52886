"""Spec D3 in the Desk: a ticket shows its deals by the reader's rights, and support sorts its list by them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kakehashi.bridge.deal_links.models import Sight
from kakehashi.bridge.deal_links.sight import choose_sight
from kakehashi.crm.records.actions import update_record
from kakehashi.desk.outside_ranks.models import OutsideRank
from kakehashi.identity.people.models import Person
from tests.makers.crm import make_profile
from tests.makers.desk import MAKER, make_seat

from .conftest import World

pytestmark = pytest.mark.django_db(transaction=True)
Drain = Callable[[], int]
HX = {"HX-Request": "true"}


def ticket_page(world: World, ticket_id: int, person: Person) -> str:
    url = reverse("desk_ticket_properties", args=[world.joined.portal.pk, ticket_id])
    return world.client(person).get(url).content.decode()


def order(world: World, sort: str, person: Person | None = None, **more: Any) -> list[int]:
    """The numbers of the tickets in the list, from the top."""
    url = reverse("desk_tickets", args=[world.joined.portal.pk])
    page = world.client(person).get(url, {"view": "all", "layout": "compact", "sort": sort, **more}, headers=HX)
    return [line.ticket.number for line in page.context["lines"]]


@pytest.mark.spec("D3")
def test_support_sorts_by_the_amount_and_the_closing_date_of_open_deals(world: World, drain: Drain) -> None:
    small = world.another_deal(Amount="1000", Closing_Date="2026-12-01")
    lost = world.another_deal(Amount="99000000", Stage="Closed Lost", Reason_For_Loss__s="Price")
    without, cheap, dear, over = (world.ticket() for _ in range(4))
    world.link(cheap, deal=small)
    world.link(dear)
    world.link(over, deal=lost)
    rest = [over.number, without.number]
    assert order(world, "-deal_amount") == [dear.number, cheap.number, *rest]
    assert order(world, "deal_amount")[:2] == [cheap.number, dear.number]
    assert order(world, "deal_closing") == [cheap.number, dear.number, *reversed(rest)]
    update_record(small, values={"Amount": "5000000"}, actor=MAKER)
    drain()
    assert order(world, "-deal_amount")[:2] == [cheap.number, dear.number]


@pytest.mark.spec("D3")
def test_an_agent_without_an_account_in_the_crm_sees_what_the_connection_lets_them(world: World) -> None:
    agent, ticket = make_seat(world.joined.portal).person, world.ticket()
    world.link(ticket)
    seen = ticket_page(world, ticket.pk, agent)
    assert "温度監視の更新" in seen
    assert "4,860,000" not in seen
    assert f"/crm/{world.joined.org.pk}/Deals/" not in seen
    choose_sight(world.joined.connection, Sight.AMOUNT, actor=MAKER)
    assert "4,860,000" in ticket_page(world, ticket.pk, agent)
    choose_sight(world.joined.connection, Sight.NOTHING, actor=MAKER)
    assert "温度監視の更新" not in ticket_page(world, ticket.pk, agent)
    assert "4,860,000" in ticket_page(world, ticket.pk, world.joined.administrator.person)


@pytest.mark.spec("D3", "T6")
def test_an_order_that_would_tell_of_hidden_amounts_is_not_offered_and_not_obeyed(world: World) -> None:
    profile = make_profile(world.joined.org, permissions=[])  # sees only their own deals
    limited, stranger = world.agent(profile=profile.name), make_seat(world.joined.portal).person
    first, dear, last = (world.ticket() for _ in range(3))
    world.link(dear)
    for person in (limited, stranger):
        assert order(world, "-deal_amount", person) == [last.number, dear.number, first.number]
    assert order(world, "deal_closing", stranger)[0] == dear.number
    assert order(world, "deal_closing", limited)[0] == last.number


@pytest.mark.spec("D1")
def test_the_deal_that_a_ticket_is_probably_about_is_offered_until_somebody_turns_it_down(world: World) -> None:
    administrator, ticket = world.joined.administrator.person, world.ticket()
    assert "Link to this deal" in ticket_page(world, ticket.pk, administrator)
    sent = {"deal": world.deal.pk}
    where = [world.joined.portal.pk, ticket.pk]
    world.client().post(reverse("desk_deal_refusals", args=where), sent, headers=HX)
    assert "Link to this deal" not in ticket_page(world, ticket.pk, administrator)
    world.client().post(reverse("desk_deal_returns", args=where), sent, headers=HX)
    world.client().post(reverse("desk_deal_links", args=where), sent, headers=HX)
    page = ticket_page(world, ticket.pk, administrator)
    assert "Link to this deal" not in page
    assert "温度監視の更新" in page


@pytest.mark.spec("D1")
def test_of_two_open_deals_none_is_suggested(world: World) -> None:
    world.another_deal()
    assert "Link to this deal" not in ticket_page(world, world.ticket().pk, world.joined.administrator.person)


@pytest.mark.spec("D1", "T6")
def test_who_is_not_in_the_crm_links_nothing_from_the_desk(world: World) -> None:
    agent, ticket = make_seat(world.joined.portal).person, world.ticket()
    url = reverse("desk_deal_links", args=[world.joined.portal.pk, ticket.pk])
    assert world.client(agent).post(url, {"deal": world.deal.pk}, headers=HX).status_code == 403
    assert not OutsideRank.objects.exists()


@pytest.mark.spec("D3")
def test_the_columns_cost_the_same_for_one_ticket_and_for_many(world: World) -> None:
    world.link(world.ticket())
    order(world, "-deal_amount", **COLUMNS)  # what is kept for later requests is there
    costs = [queries(world)]
    world.link(*(world.ticket() for _ in range(8)))
    costs.append(queries(world))
    assert costs[0] == costs[1]


COLUMNS = {"columns": "deal_amount,deal_closing,status"}


def queries(world: World) -> int:
    with CaptureQueriesContext(connection) as asked:
        order(world, "-deal_amount", **COLUMNS)
    return len(asked)
