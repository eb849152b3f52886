"""A ticket's life: numbers, sums, turns, its own account."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from kakehashi.core import clock
from kakehashi.core.errors import InvalidValues, NotFound, StaleVersion
from kakehashi.core.events.models import Event
from kakehashi.desk.conversations.actions import add_comment, receive_message, send_reply
from kakehashi.desk.customers.actions import update_contact
from kakehashi.desk.customers.models import Contact
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.tickets.actions import (
    close_ticket,
    close_tickets,
    delete_ticket,
    restore_ticket,
    update_ticket,
    update_tickets,
)
from kakehashi.desk.tickets.models import Ticket
from kakehashi.desk.tickets.queries import customer_tickets
from kakehashi.desk.tickets.statistics import customer_statistics, desk_statistics, ticket_counts
from tests.makers.desk import MAKER, make_account, make_administrator, make_contact, make_portal, make_ticket

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)


@pytest.fixture
def portal() -> Portal:
    return make_portal()


def topics(ticket: Ticket) -> list[str]:
    events = Event.objects.filter(kind="desk.ticket", subject_id=ticket.pk).order_by("id")
    return [event.topic.removeprefix("desk.ticket.") for event in events]


def test_numbers_start_at_101_in_every_portal(portal: Portal) -> None:
    other = make_portal(name="Second")
    assert [make_ticket(portal).number, make_ticket(portal).number, make_ticket(other).number] == [101, 102, 101]


@pytest.mark.django_db(transaction=True)
def test_numbers_have_no_gap_and_no_double_under_concurrent_writers() -> None:
    portal = make_portal()

    def write(count: int) -> None:
        try:
            for number in range(count):
                make_ticket(portal, subject=f"{number}")
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, [10] * 4))
    numbers = sorted(Ticket.objects.filter(portal=portal).values_list("number", flat=True))
    assert numbers == list(range(101, 141))
    assert customer_statistics(portal).total == 0
    assert desk_statistics(make_administrator(portal)).total == 40


def test_a_refused_ticket_takes_no_number(portal: Portal) -> None:
    with pytest.raises(InvalidValues) as refused:
        make_ticket(portal, subject="  ")
    assert set(refused.value.by_field) == {"subject"}
    assert make_ticket(portal).number == 101


def test_a_ticket_keeps_its_account_when_the_contact_moves(portal: Portal) -> None:
    first, second = make_account(portal), make_account(portal, name="みどり商店")
    contact = make_contact(portal, account=first)
    ticket = make_ticket(portal, contact=contact)
    update_contact(contact, values={"accountId": second.pk}, actor=MAKER)
    ticket.refresh_from_db()
    assert ticket.account == first


def test_choosing_a_tickets_account_leaves_the_contact_alone(portal: Portal) -> None:
    first, second = make_account(portal), make_account(portal, name="みどり商店")
    contact = make_contact(portal, account=first)
    ticket = make_ticket(portal, contact=contact, account=second)
    assert ticket.account == second
    update_ticket(ticket, values={"accountId": None}, actor=MAKER)
    contact.refresh_from_db()
    assert contact.account == first


def test_another_contact_brings_their_account_along(portal: Portal) -> None:
    ticket = make_ticket(portal, contact=make_contact(portal, account=make_account(portal)))
    other = make_account(portal, name="みどり商店")
    changed = update_ticket(ticket, values={"contactId": make_contact(portal, account=other).pk}, actor=MAKER)
    assert changed.account == other
    event = Event.objects.filter(topic="desk.ticket.updated").latest("id")
    assert event.data["changes"]["accountId"] == ["月見坂食品株式会社", "みどり商店"]


def test_someone_unknown_becomes_a_contact_and_someone_known_does_not(portal: Portal) -> None:
    known = make_contact(portal, email="known@example.com")
    assert make_ticket(portal, contact_email="Known@Example.com").contact == known
    made = make_ticket(portal, contact_email="new@example.com", contact_last_name="新井").contact
    assert made is not None
    assert (made.last_name, Contact.objects.filter(portal=portal).count()) == ("新井", 2)


def test_a_shared_address_goes_to_the_person_of_that_name(portal: Portal) -> None:
    make_contact(portal, lastName="相沢", firstName="美咲", email="info@example.com")
    other = make_contact(portal, lastName="栗原", firstName="紬", email="info@example.com")
    make_contact(portal, lastName="戸田", firstName="陸", email="info@example.com")
    ticket = make_ticket(portal, contact_email="info@example.com", contact_last_name="栗原", contact_first_name="紬")
    assert ticket.contact == other


def test_first_answer_and_resolution_are_measured(portal: Portal) -> None:
    ticket = make_ticket(portal, contact=make_contact(portal), at=MONDAY)
    send_reply(ticket, html="<p>はい</p>", to=["a@example.com"], actor=MAKER, at=MONDAY + timedelta(minutes=30))
    send_reply(ticket, html="<p>はい</p>", to=["a@example.com"], actor=MAKER, at=MONDAY + timedelta(hours=2))
    with clock.frozen_at(MONDAY + timedelta(hours=3)):
        closed = close_ticket(ticket, actor=MAKER)
    assert (closed.first_response_seconds, closed.resolution_seconds) == (1_800, 10_800)
    assert topics(ticket) == ["opened", "replied", "replied", "closed"]


def test_whose_turn_it_is_follows_the_conversation(portal: Portal) -> None:
    ticket = make_ticket(portal)
    turns = [ticket.is_our_turn]

    def note() -> None:
        ticket.refresh_from_db()
        turns.append(ticket.is_our_turn)

    send_reply(ticket, html="<p>どうぞ</p>", to=["a@example.com"], actor=MAKER)
    note()
    receive_message(ticket, sender="相沢 <a@example.com>", html="<p>まだです</p>", actor=MAKER)
    note()
    add_comment(ticket, html="<p>確認します</p>", actor=MAKER)
    note()
    close_ticket(ticket, actor=MAKER)
    note()
    receive_message(ticket, sender="a@example.com", html="<p>また出ました</p>", actor=MAKER)
    note()
    assert turns == [True, False, True, True, False, True]
    assert ticket.closed_at is None
    assert ticket.reopen_count == 1
    assert topics(ticket)[-2:] == ["reopened", "answered"]


def test_a_forward_is_no_answer_to_the_customer(portal: Portal) -> None:
    ticket = make_ticket(portal)
    send_reply(ticket, html="<p>お願いします</p>", to=["b@example.com"], is_forward=True, actor=MAKER)
    ticket.refresh_from_db()
    assert ticket.is_our_turn
    assert ticket.first_responded_at is None


def test_nothing_is_written_when_nothing_differs(portal: Portal) -> None:
    ticket = make_ticket(portal)
    same = update_ticket(ticket, values={"status": "Open", "subject": ticket.subject}, actor=MAKER)
    assert same.version == 1
    assert topics(ticket) == ["opened"]


def test_a_change_based_on_an_old_version_is_refused(portal: Portal) -> None:
    ticket = make_ticket(portal)
    update_ticket(ticket, values={"priority": "High"}, actor=MAKER, version=1)
    with pytest.raises(StaleVersion):
        update_ticket(ticket, values={"priority": "Low"}, actor=MAKER, version=1)


def test_several_tickets_change_together_or_not_at_all(portal: Portal) -> None:
    mine, foreign = make_ticket(portal), make_ticket(make_portal(name="Second"))
    with pytest.raises(NotFound):
        update_tickets(portal, ticket_ids=[mine.pk, foreign.pk], values={"priority": "High"}, actor=MAKER)
    mine.refresh_from_db()
    assert mine.priority == ""


def test_values_that_name_nothing_are_refused_beside_their_field(portal: Portal) -> None:
    foreign = make_contact(make_portal(name="Second"))
    with pytest.raises(InvalidValues) as refused:
        make_ticket(portal, values={"contactId": foreign.pk, "status": "Lost", "dueDate": "soon", "colour": "red"})
    assert set(refused.value.by_field) == {"contactId", "status", "dueDate", "colour"}


def test_counts_and_sums_follow_every_change(portal: Portal) -> None:
    account = make_account(portal)
    contact, loner = make_contact(portal, account=account), make_contact(portal)
    late = clock.now() - timedelta(hours=1)
    first = make_ticket(portal, contact=contact, values={"priority": "High", "dueDate": late})
    second = make_ticket(portal, contact=contact, at=clock.now() - timedelta(days=2))
    third = make_ticket(portal, contact=loner, account=account)
    make_ticket(portal, contact=loner)

    def counts() -> dict[str, int]:
        asked = ticket_counts(portal, account_ids=[account.pk], contact_ids=[contact.pk])
        return {name: asked[name] for name in ("all", "open", "overdue", "closed", "escalated", "high_priority")}

    assert counts() == {"all": 3, "open": 3, "overdue": 1, "closed": 0, "escalated": 0, "high_priority": 1}
    close_tickets(portal, ticket_ids=[first.pk, second.pk], actor=MAKER)
    update_ticket(third, values={"status": "Escalated"}, actor=MAKER)
    assert counts() == {"all": 3, "open": 1, "overdue": 0, "closed": 2, "escalated": 1, "high_priority": 1}
    delete_ticket(third, actor=MAKER)
    assert counts() == {"all": 2, "open": 0, "overdue": 0, "closed": 2, "escalated": 0, "high_priority": 1}
    restore_ticket(third, actor=MAKER)
    update_ticket(third, values={"accountId": None}, actor=MAKER)
    assert counts()["all"] == 2
    assert customer_statistics(portal, emails=[loner.email]).total == 2


def test_a_customers_tickets_come_newest_first_and_once(portal: Portal) -> None:
    account = make_account(portal)
    contact, other = make_contact(portal, account=account), make_contact(portal)
    made = [
        make_ticket(portal, contact=person, account=account, at=MONDAY + timedelta(hours=hour))
        for hour, person in enumerate([contact, other, contact])
    ]
    page = customer_tickets(portal, contact_ids=[contact.pk], account_ids=[account.pk], emails=[other.email])
    assert [row.pk for row in page.rows] == [ticket.pk for ticket in reversed(made)]
    first = customer_tickets(portal, account_ids=[account.pk], limit=2)
    assert ([row.pk for row in first.rows], first.has_more) == ([made[2].pk, made[1].pk], True)
    rest = customer_tickets(portal, account_ids=[account.pk], limit=2, offset=2)
    assert ([row.pk for row in rest.rows], rest.has_more) == ([made[0].pk], False)
