"""What many parts of one page ask, the connection above all, is asked once a page."""

from collections import Counter
from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kakehashi.bridge.connection.ending import disable
from kakehashi.bridge.desk_tab.addresses import within
from kakehashi.desk.tickets.models import Ticket
from tests.bridge.deal_links.conftest import World, make_world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(drain: Callable[[], int]) -> World:
    made = make_world(drain)
    made.link(made.ticket())
    drain()
    return made


def queries(world: World, address: str, **headers: str) -> Counter[str]:
    """The statements of a page, and how often each was sent."""
    client = world.client()
    client.get(address, **headers)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address, **headers).status_code == 200
    return Counter(one["sql"] for one in asked.captured_queries)


@pytest.mark.parametrize(
    ("page", "is_within", "most"),
    [("desk_ticket", False, 41), ("desk_ticket", True, 43), ("desk_tickets", False, 22), ("desk_tickets", True, 24)],
)
def test_a_page_of_the_desk_sends_no_statement_twice(world: World, page: str, is_within: bool, most: int) -> None:
    portal = world.joined.portal
    ticket = Ticket.objects.get(portal=portal)
    address = reverse(page, args=[portal.pk, ticket.pk] if page == "desk_ticket" else [portal.pk])
    sent = queries(world, within(address) if is_within else address)
    assert [statement for statement, times in sent.items() if times > 1] == []
    assert sent.total() <= most


def test_the_pages_of_the_crm_ask_for_the_connection_once(world: World) -> None:
    org = world.joined.org.pk
    list_sent = queries(world, reverse("crm_list", args=[org, "Contacts"]))
    record_sent = queries(world, reverse("crm_record", args=[org, "Contacts", world.contact.pk]))
    for sent in (list_sent, record_sent):
        assert sum(times for one, times in sent.items() if 'FROM "bridge_connection"' in one) == 1
    assert (list_sent.total(), record_sent.total()) == (17, 40)
    assert [statement for statement, times in record_sent.items() if times > 1] == []


@pytest.mark.parametrize(("page", "count"), [("record_tickets", 21), ("record_statistics", 16)])
def test_the_block_and_its_statistics_send_no_statement_twice(world: World, page: str, count: int) -> None:
    address = reverse(page, args=[world.joined.org.pk, "Accounts", world.account.pk])
    sent = queries(world, address, HTTP_HX_REQUEST="true")
    assert [statement for statement, times in sent.items() if times > 1] == []
    assert sent.total() == count


def test_what_a_form_changed_is_asked_anew(world: World) -> None:
    """A reading begins with its page."""
    address = reverse("crm_list", args=[world.joined.org.pk, "Contacts"])
    assert "desk_tab" in [tab.key for tab in world.client().get(address).context["workspace"].tabs]
    disable(world.joined.connection, actor=world.joined.administrator.actor)
    assert "desk_tab" not in [tab.key for tab in world.client().get(address).context["workspace"].tabs]
