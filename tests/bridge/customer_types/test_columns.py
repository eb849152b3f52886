"""The columns of the board are conditions over the data of the CRM; the four of the product can be brought back."""

from collections.abc import Callable

import pytest
from django.urls import reverse

from kakehashi.bridge.customer_types.models import TypeColumn
from kakehashi.crm.records.actions import update_record
from tests.bridge.deal_links.conftest import World, make_world
from tests.makers.crm import make_member
from tests.makers.desk import MAKER

from .test_board import board

pytestmark = pytest.mark.django_db(transaction=True)
Drain = Callable[[], int]
HX = {"HX-Request": "true"}


@pytest.fixture
def world(drain: Drain) -> World:
    made = make_world(drain)
    board(made)
    drain()
    return made


def url(world: World, name: str, *more: object) -> str:
    return reverse(name, args=[world.joined.org.pk, *more])


def large(amount: str = "3000000") -> dict[str, object]:
    """What the form of a column sends: deals above an amount."""
    return {
        "name": "Large deals", "about": "Deals", "join": "and", "group": "g", "join-g": "and", "row": "g:r",
        "field-r": "Amount", "operator-r": "gt", "value-r": amount,
    }  # fmt: skip


@pytest.mark.spec("X6")
def test_a_column_of_ones_own_goes_before_the_others(world: World, drain: Drain) -> None:
    ticket = world.ticket()
    world.client().post(url(world, "desk_integration_type_new"), large())
    drain()
    assert board(world)["Large deals"] == [ticket.number]
    update_record(world.deal, values={"Amount": "1000"}, actor=MAKER)
    drain()
    assert board(world)["deals"] == [ticket.number]


@pytest.mark.spec("X6")
def test_the_order_of_asking_and_of_the_board_are_chosen_and_the_four_come_back(world: World, drain: Drain) -> None:
    ticket, client = world.ticket(), world.client()
    client.post(url(world, "desk_integration_type_new"), large())
    own = TypeColumn.objects.get(name="Large deals")
    first = list(TypeColumn.objects.exclude(pk=own.pk).order_by("precedence").values_list("pk", flat=True))
    rest = TypeColumn.objects.get(about="rest").pk
    client.post(
        url(world, "desk_integration_types_order"), {"shown": [own.pk, *first], "asked": [rest, *first, own.pk]}
    )
    drain()
    assert next(iter(board(world))) == "Large deals"
    assert board(world)["deals"] == [ticket.number]
    assert TypeColumn.objects.order_by("precedence").last().pk == rest  # type: ignore[union-attr]
    client.post(url(world, "desk_integration_types_defaults"))
    drain()
    assert list(board(world)) == ["new", "people", "deals", "customers"]
    assert board(world)["deals"] == [ticket.number]


@pytest.mark.spec("X6")
def test_a_removed_column_is_put_back_where_it_stood(world: World, drain: Drain) -> None:
    ticket, client = world.ticket(), world.client()
    client.post(url(world, "desk_integration_type_new"), large())
    own = TypeColumn.objects.get(name="Large deals")
    page = client.post(url(world, "desk_integration_type_removal", own.pk), follow=True)
    drain()
    assert board(world)["deals"] == [ticket.number]
    undo = url(world, "desk_integration_type_return", own.pk)
    assert list(page.context["messages"])[-1].extra_tags == undo
    assert "Removed columns" in page.content.decode()
    assert client.post(undo, headers=HX)["HX-Redirect"] == url(world, "desk_integration_types")
    drain()
    assert board(world)["Large deals"] == [ticket.number]
    assert client.post(undo, headers=HX).status_code == 404, "it stands"
    asked = TypeColumn.objects.order_by("precedence").values_list("precedence", "about")
    assert [place for place, _about in asked] == [1, 2, 3, 4, 5]
    assert asked.last() == (5, "rest")


def test_the_four_leave_own_columns_to_be_put_back_as_long_as_there_is_room(world: World) -> None:
    client, new = world.client(), url(world, "desk_integration_type_new")
    client.post(new, large())
    own = TypeColumn.objects.get(name="Large deals")
    client.post(url(world, "desk_integration_types_defaults"))
    assert list(board(world)) == ["new", "people", "deals", "customers"]
    client.post(new, large())
    undo = url(world, "desk_integration_type_return", own.pk)
    assert "There is a column of this name already." in client.post(undo, headers=HX).headers["HX-Trigger"]
    client.post(url(world, "desk_integration_type_removal", TypeColumn.objects.latest("pk").pk))
    client.post(undo, headers=HX)
    assert next(iter(board(world))) == "new"
    assert list(board(world))[-1] == "Large deals"


def test_what_cannot_be_asked_stands_beside_its_row_and_nothing_typed_is_lost(world: World) -> None:
    client, new = world.client(), url(world, "desk_integration_type_new")
    page = client.post(new, large("many"))
    assert page.status_code == 422
    assert 'value="many"' in page.content.decode()
    nameless = client.post(new, {**large(), "name": " "})
    assert "Enter a name." in nameless.content.decode()
    assert 'value="3000000"' in nameless.content.decode()
    rest = TypeColumn.objects.get(about="rest")
    client.post(url(world, "desk_integration_type_removal", rest.pk))
    client.post(url(world, "desk_integration_type", rest.pk), {"name": "Strangers", "about": "Deals"})
    rest.refresh_from_db()
    assert (rest.label, rest.about) == ("Strangers", "rest")
    colleague = make_member(world.joined.org).person
    assert world.client(colleague).get(new).status_code == 403
