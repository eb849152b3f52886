"""Spec R4: what the Desk knows about an account or contact, on its page in the CRM; and why there is nothing, where there is nothing."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kakehashi.bridge.sync.models import Link
from kakehashi.core import clock
from kakehashi.crm.records.models import Record
from kakehashi.desk.customers.actions import delete_account
from kakehashi.desk.customers.models import Account
from kakehashi.desk.products.actions import create_product
from kakehashi.desk.ratings.actions import rate_ticket
from kakehashi.desk.tickets.actions import close_ticket
from kakehashi.identity.people.models import Person
from tests.makers.bridge import Joined, make_joined
from tests.makers.crm import make_member, make_record, make_stranger
from tests.makers.desk import MAKER, make_account, make_ticket

pytestmark = pytest.mark.django_db
FRAGMENT = {"HX-Request": "true"}
Look = Callable[..., str]


@pytest.fixture
def joined() -> Joined:
    return make_joined()


@pytest.fixture
def look(joined: Joined) -> Look:
    """The card of a record as somebody gets it."""

    def look(record: Record, module: str = "Accounts", person: Person | None = None) -> str:
        client = Client()
        client.force_login(person or joined.administrator.person)
        page = client.get(reverse("record_desk_details", args=[joined.org.pk, module, record.pk]), headers=FRAGMENT)
        assert page.status_code == 200
        return page.content.decode()

    return look


def linked_account(joined: Joined) -> Record:
    record, there = (
        make_record(joined.org, "Accounts"),
        make_account(joined.portal, name="月見坂食品", website="https://t.example"),
    )
    now = clock.now()
    Link.objects.create(
        connection=joined.connection, module="accounts", crm_id=record.pk, desk_id=there.pk, made_at=now, agreed_at=now
    )
    product = create_product(joined.portal, values={"productName": "温度ロガー TL-200"}, actor=MAKER)
    agent = joined.portal.agents.get()
    ticket = make_ticket(joined.portal, account=there, values={"productId": product.pk, "assigneeId": agent.pk})
    close_ticket(ticket, actor=MAKER)
    rate_ticket(ticket, rating="good", actor=MAKER)
    return record


@pytest.mark.spec("R4")
def test_the_card_says_fields_agents_products_and_rating(joined: Joined, look: Look) -> None:
    card = look(linked_account(joined))
    for text in ("月見坂食品", "https://t.example", "温度ロガー TL-200", joined.administrator.person.name, "Good 1"):
        assert text in card
    assert "Open in the Desk" in card


@pytest.mark.spec("R4", "P4")
def test_without_a_desk_account_the_way_there_is_not_offered(joined: Joined, look: Look) -> None:
    record = linked_account(joined)
    member = make_member(joined.org, permissions=["see_all_records"], language="en").person
    assert "Open in the Desk" not in look(record, person=member)
    client = Client()
    client.force_login(make_stranger())
    url = reverse("record_desk_details", args=[joined.org.pk, "Accounts", record.pk])
    assert client.get(url, headers=FRAGMENT).status_code == 404


@pytest.mark.spec("R4")
def test_a_record_that_is_not_linked_says_why(joined: Joined, look: Look) -> None:
    record = make_record(joined.org, "Accounts")
    assert "on its way to the Desk" in look(record)
    joined.connection.modules.all().delete()
    assert "not kept in step with the Desk" in look(record)
    assert reverse("desk_integration_modules", args=[joined.org.pk]) in look(record)
    member = make_member(joined.org, permissions=["see_all_records"], language="en").person
    assert reverse("desk_integration_modules", args=[joined.org.pk]) not in look(record, person=member)


@pytest.mark.spec("R4")
@pytest.mark.parametrize(
    ("state", "sentence"), [("held", "Several Desk records have the same"), ("apart", "has no partner in the Desk")]
)
def test_a_record_that_waits_or_was_left_apart_says_so(joined: Joined, look: Look, state: str, sentence: str) -> None:
    record, now = make_record(joined.org, "Contacts"), clock.now()
    Link.objects.create(
        connection=joined.connection, module="contacts", crm_id=record.pk, state=state, made_at=now, agreed_at=now,
        evidence={"reason": "several_candidates", "field": "Email", "candidates": []},
    )  # fmt: skip
    assert sentence in look(record, "Contacts")


@pytest.mark.spec("R4")
def test_one_in_the_desks_recycle_bin_is_named_as_such(joined: Joined, look: Look) -> None:
    record = linked_account(joined)
    delete_account(Account.objects.get(portal=joined.portal), actor=MAKER)
    assert "recycle bin" in look(record)


@pytest.mark.spec("R4")
def test_the_place_for_it_stands_on_accounts_and_contacts_only(joined: Joined) -> None:
    client = Client()
    client.force_login(joined.administrator.person)
    for module, is_there in (("Accounts", True), ("Contacts", True), ("Deals", False)):
        record = make_record(joined.org, module)
        page = client.get(reverse("crm_record", args=[joined.org.pk, module, record.pk])).content.decode()
        assert ('id="desk-details"' in page) is is_there


def test_the_card_asks_as_many_questions_for_one_ticket_as_for_twenty(joined: Joined) -> None:
    record, client, counts = linked_account(joined), Client(), []
    client.force_login(joined.administrator.person)
    url = reverse("record_desk_details", args=[joined.org.pk, "Accounts", record.pk])
    link = Link.objects.get()
    for _round in range(2):
        client.get(url, headers=FRAGMENT)
        with CaptureQueriesContext(connection) as queries:
            client.get(url, headers=FRAGMENT)
        counts.append(len(queries))
        for _number in range(20):
            make_ticket(joined.portal, values={"accountId": link.desk_id})
    assert counts[0] == counts[1] <= 22
