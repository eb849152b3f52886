"""One box for the whole Desk."""

from importlib import import_module

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kakehashi.desk.customers.actions import delete_contact
from kakehashi.desk.customers.models import Contact
from kakehashi.desk.portals.actions import create_department
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.products.actions import create_product
from kakehashi.desk.records.searching import found_by
from kakehashi.desk.search.queries import search_desk
from kakehashi.desk.tickets.models import Ticket
from tests.makers.desk import MAKER, make_account, make_contact, make_portal, make_ticket

from .conftest import People

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket(portal: Portal) -> Ticket:
    account = make_account(portal, name="月見坂食品株式会社")
    contact = make_contact(portal, account=account, email="misaki@tsukimizaka.example", phone="0258-00-1147")
    create_product(portal, values={"productName": "温度ロガー TL-200", "productCode": "TL-200"}, actor=MAKER)
    return make_ticket(
        portal, contact=contact, subject="ロガーが切断される", description_html="<p>冷蔵庫3号機で15分ごとに</p>"
    )


def found(people: People, text: str, who: str = "agent") -> list[tuple[str, list[str]]]:
    return [
        (group.kind, [find.name for find in group.finds]) for group in search_desk(getattr(people, who), text, limit=5)
    ]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("#101", "tickets"),
        ("１０１", "tickets"),
        ("ろがー 切断", "tickets"),
        ("冷蔵庫", "tickets"),
        ("misaki@tsukimizaka.example", "contacts"),
        ("0258001147", "contacts"),
        ("1147", "contacts"),
        ("相沢", "contacts"),
        ("月見坂食品", "accounts"),
        ("tl-200", "products"),
    ],
)
def test_what_is_meant_comes_first(people: People, ticket: Ticket, text: str, first: str) -> None:
    assert found(people, text)[0][0] == first


def test_a_customers_address_finds_their_tickets_too(people: People, ticket: Ticket) -> None:
    assert dict(found(people, "misaki@tsukimizaka.example"))["tickets"] == ["#101 ロガーが切断される"]


def test_nobody_finds_what_they_may_not_open(portal: Portal, people: People, ticket: Ticket) -> None:
    hidden = create_department(portal, name="Closed", actor=MAKER)
    make_ticket(portal, department=hidden, subject="極秘のロガー")
    make_ticket(make_portal(name="Other"), subject="他社のロガー")
    people.agent.agent.departments.set([ticket.department])
    agent = people.client_of("agent")
    page = agent.get(reverse("desk_search", args=[portal.pk]), {"q": "ロガー"}).content.decode()
    assert "が切断される" in page
    assert "極秘" not in page
    assert "他社" not in page
    assert (
        "極秘"
        in people.client_of("administrator")
        .get(reverse("desk_search", args=[portal.pk]), {"q": "極秘"})
        .content.decode()
    )


def test_what_is_in_the_recycle_bin_is_not_found(people: People, ticket: Ticket) -> None:
    assert ticket.contact
    delete_contact(ticket.contact, actor=MAKER)
    assert "contacts" not in dict(found(people, "相沢"))


def test_suggestions_come_while_one_types_with_what_was_typed_marked(
    portal: Portal, people: People, ticket: Ticket
) -> None:
    address = reverse("desk_search", args=[portal.pk])
    page = people.client_of("light_agent").get(address, {"q": "切断"}, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in page
    assert "<mark>切断</mark>" in page
    assert reverse("desk_ticket", args=[portal.pk, ticket.pk]) in page
    assert "Nothing was found" in people.client_of("agent").get(address, {"q": "zzzz"}).content.decode()


def test_a_search_takes_the_same_number_of_queries_for_one_find_and_for_many(people: People, ticket: Ticket) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            found(people, "ロガー")
        return len(queries)

    one = count()
    for _ in range(5):
        make_ticket(ticket.portal, contact=ticket.contact)
    assert count() == one <= 12


def test_the_words_of_another_portal_are_not_in_the_way(portal: Portal) -> None:
    other = make_portal()
    contact, elsewhere = make_contact(portal, lastName="相沢"), make_contact(other, lastName="相沢")
    assert list(found_by(Contact.objects.all(), portal, "相沢")) == [contact]
    assert list(found_by(Contact.objects.all(), other, "相沢")) == [elsewhere]


def test_customers_from_before_portals_were_in_tokens_are_found_after_the_migration(portal: Portal) -> None:
    migration = import_module("kakehashi.desk.migrations.0018_bins_and_scoped_search")
    contact = make_contact(portal, lastName="相沢", phone="0258-00-1147")
    with connection.cursor() as cursor:
        cursor.execute(migration.BACKWARD.format(table="desk_contact"))
        assert not found_by(Contact.objects.all(), portal, "相沢").exists()
        cursor.execute(migration.FORWARD.format(table="desk_contact"))
    for text in ("相沢", "001147"):
        assert list(found_by(Contact.objects.all(), portal, text)) == [contact]
