"""What a ticket is found by: all that names it and all that was said in it, as it is now."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from kakehashi.core import clock
from kakehashi.core.events.loop import run_until_idle
from kakehashi.desk.conversations.actions import add_comment, receive_message, send_reply
from kakehashi.desk.conversations.after_sending import withdraw_message
from kakehashi.desk.customers.actions import update_account, update_contact
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.search.queries import search_desk
from kakehashi.desk.ticket_merging.actions import merge_tickets, unmerge_tickets
from kakehashi.desk.ticket_merging.splitting import split_ticket
from kakehashi.desk.ticket_search.actions import index_tickets
from kakehashi.desk.ticket_search.models import TicketWords
from kakehashi.desk.ticket_search.queries import searched
from kakehashi.desk.ticket_search.words import MOST_TOKENS
from kakehashi.desk.ticket_tags.actions import add_tag, remove_tag
from kakehashi.desk.tickets.actions import update_ticket
from kakehashi.desk.tickets.models import Ticket
from kakehashi.desk.tickets.queries import ticket_rows
from tests.makers.desk import MAKER, make_account, make_contact, make_portal, make_ticket
from tests.makers.jobs import run_jobs

from .conftest import People

pytestmark = pytest.mark.django_db
CUSTOMER = "misaki@tsukimizaka.example"


def found(portal: Portal, text: str) -> list[int]:
    rows, count = searched(ticket_rows().filter(portal=portal), portal.pk, text)
    numbers = list(rows.order_by("number").values_list("number", flat=True))
    assert count == len(numbers)
    return numbers


def hint(people: People, text: str) -> str:
    with translation.override("en"):
        groups = {group.kind: group for group in search_desk(people.light_agent, text, limit=5)}
    return groups["tickets"].finds[0].hint


@pytest.fixture
def ticket(portal: Portal) -> Ticket:
    contact = make_contact(portal, lastName="早川", firstName="", account=make_account(portal), email=CUSTOMER)
    make_ticket(portal, subject="請求書", contact=make_contact(portal, email="t@x.example", lastName="田中"))
    return make_ticket(portal, subject="ロガーが切断される", contact=contact)


def test_a_ticket_is_found_by_number_word_and_customer(portal: Portal, ticket: Ticket) -> None:
    for text in ("102", "ろがー", "早川", "ロガー 早川", "misaki@tsuki", "月見坂"):
        assert found(portal, text) == [102], text
    assert found(portal, "ロガー 請求") == []
    update_ticket(ticket, values={"subject": "ゲートウェイ"}, actor=MAKER)
    assert (found(portal, "ロガー"), found(portal, "ゲート")) == ([], [102])


def test_what_is_said_later_is_found_with_what_names_the_ticket(portal: Portal, ticket: Ticket) -> None:
    receive_message(ticket, sender=CUSTOMER, html="<p>冷蔵庫は3号機です</p>", actor=MAKER)
    send_reply(ticket, html="<p>中継機をお送りします</p>", to=[CUSTOMER], actor=MAKER)
    add_comment(ticket, html="<p>電波の<b>減衰</b></p>", actor=MAKER)
    add_tag(portal, ticket_ids=[ticket.pk], name="無線", actor=MAKER)
    for text in ("冷蔵庫", "中継機", "減衰", "無線", "無線 減衰 中継 早川"):
        assert found(portal, text) == [102], text
    before = TicketWords.objects.get(ticket=ticket).tokens
    index_tickets([ticket.pk])
    assert TicketWords.objects.get(ticket=ticket).tokens == before


def test_what_was_taken_back_is_not_found(portal: Portal, ticket: Ticket) -> None:
    held = send_reply(ticket, html="<p>中継機</p>", to=[CUSTOMER], hold_seconds=600, actor=MAKER)
    add_tag(portal, ticket_ids=[ticket.pk], name="無線", actor=MAKER)
    assert withdraw_message(held, actor=MAKER)
    remove_tag(portal, ticket_ids=[ticket.pk], name="無線", actor=MAKER)
    assert (found(portal, "中継機"), found(portal, "無線"), found(portal, "ロガー")) == ([], [], [102])


def test_words_go_where_their_mail_goes(portal: Portal, ticket: Ticket) -> None:
    other = make_ticket(portal, subject="電池")
    receive_message(other, sender=CUSTOMER, html="<p>蓋</p>", actor=MAKER)
    mail = receive_message(other, sender=CUSTOMER, html="<p>冷蔵庫</p>", actor=MAKER)
    merge = merge_tickets(portal, survivor_id=ticket.pk, ticket_ids=[other.pk], actor=MAKER)
    assert found(portal, "冷蔵庫") == [102]
    unmerge_tickets(merge, actor=MAKER)
    assert found(portal, "冷蔵庫") == [103]
    split_ticket(other, message_ids=[mail.pk], subject="別件", actor=MAKER)
    assert (found(portal, "冷蔵庫"), found(portal, "電池"), found(portal, "別件")) == ([104], [103], [104])


@pytest.mark.django_db(transaction=True)
def test_a_customer_with_another_name_takes_their_tickets_along(portal: Portal, ticket: Ticket) -> None:
    run_until_idle()
    assert ticket.contact
    assert ticket.account
    update_contact(ticket.contact, values={"lastName": "結城"}, actor=MAKER)
    update_account(ticket.account, values={"accountName": "海鳥水産"}, actor=MAKER)
    run_until_idle()
    run_jobs()
    assert (found(portal, "早川"), found(portal, "結城 海鳥")) == ([], [102])


@pytest.mark.django_db(transaction=True)
def test_only_renamed_customers_who_have_tickets_are_work(portal: Portal, ticket: Ticket) -> None:
    run_until_idle()
    assert ticket.contact
    others = [make_contact(portal, lastName=f"客{number}", email=f"k{number}@x.example") for number in range(3)]
    for one in (ticket.contact, *others):
        update_contact(one, values={"lastName": f"結城{one.pk}"}, actor=MAKER)
    run_until_idle()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (args ->> 'customer_id')::bigint FROM procrastinate_jobs WHERE task_name LIKE '%index_tickets_of'"
        )
        assert cursor.fetchall() == [(ticket.contact.pk,)]


def test_other_portals_words_are_never_read(portal: Portal, ticket: Ticket) -> None:
    other = make_portal(name="Other")
    make_ticket(other, subject="ロガー")
    assert (found(portal, "ロガー"), found(other, "ロガー"), found(other, "切断")) == ([102], [101], [])


def test_a_word_in_very_many_tickets_is_found_by_walking_the_list(portal: Portal, ticket: Ticket) -> None:
    for number in range(22):
        make_ticket(portal, subject="電池" if number % 3 else "電池と蓋", at=clock.now() - timedelta(hours=number))
    assert searched(ticket_rows().filter(portal=portal), portal.pk, "電池", most=20)[0].count() == 22
    assert searched(ticket_rows().filter(portal=portal), portal.pk, "ロガー", most=20)[1] == 1


def test_a_long_ticket_keeps_what_names_it(portal: Portal, ticket: Ticket) -> None:
    for number in range(5):
        words = " ".join(f"word{number}x{place}" for place in range(1_000))
        add_comment(ticket, html=f"<p>{words}</p>", actor=MAKER)
    add_comment(ticket, html="<p>最後</p>", actor=MAKER)
    update_ticket(ticket, values={"subject": "ゲートウェイ"}, actor=MAKER)
    with connection.cursor() as cursor:
        cursor.execute("SELECT length(tokens) FROM desk_ticketwords WHERE ticket_id = %s", [ticket.pk])
        assert MOST_TOKENS <= cursor.fetchone()[0] < 2 * MOST_TOKENS
    assert (found(portal, "ゲート word0x5"), found(portal, "最後")) == ([102], [])


def test_the_search_says_where_it_found_something(people: People, portal: Portal, ticket: Ticket) -> None:
    assert "早川" in hint(people, "ロガー")
    receive_message(ticket, sender=CUSTOMER, html=f"<p>{'はい。' * 100}冷蔵庫は3号機です</p>", actor=MAKER)
    add_comment(ticket, html="<p>電波の減衰</p>", actor=MAKER)
    add_tag(portal, ticket_ids=[ticket.pk], name="無線", actor=MAKER)
    described = make_ticket(portal, subject="見積り", description_html="<p>二十台</p>")
    assert hint(people, "ロガー 冷蔵庫").startswith("Mail: …")
    assert "冷蔵庫は3号機です" in hint(people, "冷蔵庫")
    assert hint(people, "減衰") == "Comment: 電波の減衰"
    assert hint(people, "無線") == "Tag: 無線"
    assert hint(people, "二十台") == "Description: 二十台"
    assert described.number == 103


def test_many_tickets_are_indexed_with_as_many_queries_as_one(portal: Portal, ticket: Ticket) -> None:
    def count(ids: list[int]) -> int:
        with CaptureQueriesContext(connection) as queries:
            index_tickets(ids)
        return len(queries)

    ids = [ticket.pk, *(make_ticket(portal).pk for _ in range(4))]
    assert count(ids) == count([ticket.pk]) == 5
