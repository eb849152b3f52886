"""Spec N1, N2: statistics of a record's customer, each number with the way to its tickets."""

import html
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.related_lists.models import TicketModule
from kakehashi.core import clock
from kakehashi.desk.bulk_changes.models import BulkChange
from kakehashi.desk.conversations.actions import send_reply
from kakehashi.desk.customers.models import Contact
from kakehashi.desk.portals.actions import create_department
from kakehashi.desk.ratings.actions import rate_ticket
from kakehashi.desk.tickets.actions import close_ticket, mark_as_spam
from tests.makers.bridge import Joined, make_joined
from tests.makers.crm import make_member, make_record, make_stranger
from tests.makers.desk import MAKER, make_contact, make_ticket

pytestmark = pytest.mark.django_db
FRAGMENT = {"HX-Request": "true"}
ADDRESS = "misaki@tsukimizaka.example"


@pytest.fixture
def joined() -> Joined:
    joined = make_joined()
    TicketModule.objects.create(connection=joined.connection, module="Leads")
    now, contact = clock.now(), make_contact(joined.portal, email=ADDRESS)
    abroad = create_department(joined.portal, name="Abroad", actor=MAKER)
    make_ticket(
        joined.portal, contact=contact, department=abroad, subject="of last winter", at=now - timedelta(days=200)
    )
    solved = make_ticket(joined.portal, contact=contact, subject="solved today", at=now - timedelta(hours=3))
    send_reply(solved, html="<p>Yes</p>", to=["a@b.example"], actor=MAKER, at=now - timedelta(hours=1))
    close_ticket(solved, actor=MAKER)
    rate_ticket(solved, rating="good", actor=MAKER)
    return joined


def client_of(joined: Joined) -> Client:
    client = Client()
    client.force_login(joined.administrator.person)
    return client


def url_of(joined: Joined, record_id: int, module: str = "Leads", name: str = "record_statistics") -> str:
    return reverse(name, args=[joined.org.pk, module, record_id])


@pytest.mark.spec("N1")
@pytest.mark.parametrize("module", ["Leads", "Contacts", "Accounts", "Deals"])
def test_the_tiles_say_the_same_on_every_kind_of_record(joined: Joined, module: str) -> None:
    account = make_record(joined.org, "Accounts")
    contact = make_record(joined.org, "Contacts", Email=ADDRESS, Account_Name=account.pk)
    records = {"Accounts": account, "Contacts": contact}
    if module == "Leads":
        records["Leads"] = make_record(joined.org, "Leads", Email=ADDRESS)
    if module == "Deals":
        records["Deals"] = make_record(joined.org, "Deals", Contact_Name=contact.pk)
    page = client_of(joined).get(url_of(joined, records[module].pk, module), headers=FRAGMENT).content.decode()
    tiles = re.findall(r"<strong[^>]*>(.*?)</strong>", page)
    assert tiles[:2] == ["2", "0"]
    assert "2 h" in re.sub(r"<[^>]*>", "", tiles[2])
    assert "100" in tiles[4]
    assert "of last winter" not in page


@pytest.mark.spec("N2")
def test_how_long_answers_and_solutions_took_is_counted_by_buckets(joined: Joined) -> None:
    lead = make_record(joined.org, "Leads", Email=ADDRESS)
    page = client_of(joined).get(url_of(joined, lead.pk), headers=FRAGMENT)
    spread = page.context["spread"]
    assert [row.amount for row in spread.answers] == [0, 1, 0, 0, 0, 0, 0]
    assert [row.amount for row in spread.solutions] == [0, 1, 0, 0, 0, 0, 0]
    for row in (spread.answers[1], spread.solutions[1]):
        assert html.escape(row.url) in page.content.decode()
        block = client_of(joined).get(row.url.partition("#")[0]).content.decode()
        assert "solved today" in block
        assert "of last winter" not in block
    in_working_time = client_of(joined).get(f"{url_of(joined, lead.pk)}?basis=working", headers=FRAGMENT)
    labels = [row.label for row in in_working_time.context["spread"].answers]
    assert labels[4:] == ["24 hours – 72 hours", "72 hours – 168 hours", "168 hours or longer"], (
        "a day of working time is not a day"
    )


@pytest.mark.spec("N1")
def test_period_and_time_are_chosen_and_said(joined: Joined) -> None:
    lead = make_record(joined.org, "Leads", Email=ADDRESS)
    url = f"{url_of(joined, lead.pk)}?period=last_30_days&basis=working"
    page = client_of(joined).get(url, headers=FRAGMENT).content.decode()
    assert re.findall(r"<strong[^>]*>(.*?)</strong>", page)[0] == "1"
    assert "Averages count working time" in page
    assert f'href="{url_of(joined, lead.pk)}?basis=working&amp;period=all"' in page


@pytest.mark.spec("N2")
def test_each_number_leads_to_the_block_with_its_tickets(joined: Joined) -> None:
    lead, client = make_record(joined.org, "Leads", Email=ADDRESS), client_of(joined)
    page = client.get(url_of(joined, lead.pk), headers=FRAGMENT).content.decode()
    tiles = [html.unescape(one) for one in re.findall(r'class="k-tile" href="([^"]*)"', page)]
    assert all(url.startswith(reverse("crm_record", args=[joined.org.pk, "Leads", lead.pk])) for url in tiles)
    closed = client.get(tiles[3].partition("#")[0]).content.decode()
    assert "solved today" in closed
    assert "of last winter" not in closed
    bars = [html.unescape(one) for one in re.findall(r'href="([^"]*receivedOn[^"]*)"', page)]
    assert any("of last winter" in client.get(url.partition("#")[0]).content.decode() for url in bars)


@pytest.mark.spec("N2")
def test_spam_leads_to_the_block_with_it_where_it_is_taken_out_of_the_bin_and_put_back(joined: Joined) -> None:
    lead, client = make_record(joined.org, "Leads", Email=ADDRESS), client_of(joined)
    junk = make_ticket(joined.portal, contact=Contact.objects.get(email=ADDRESS), subject="You have won")
    mark_as_spam(joined.portal, ticket_ids=[junk.pk], actor=MAKER)
    page = client.get(url_of(joined, lead.pk), headers=FRAGMENT)
    [row] = [row for row in page.context["shown"].state_rows if row.label == "Spam"]
    block = client.get(row.url.partition("#")[0]).content.decode()
    assert "You have won" in block
    assert "solved today" not in block
    assert reverse("record_ticket", args=[joined.org.pk, "Leads", lead.pk, junk.pk]) not in block
    chosen = {"selected": junk.pk}
    back = client.post(url_of(joined, lead.pk, name="record_tickets_restorations"), chosen, headers=FRAGMENT)
    assert "1 ticket restored" in back["HX-Trigger"]
    junk.refresh_from_db()
    assert (junk.deleted_at, junk.is_spam) == (None, False)
    undoing = reverse("record_tickets_undoing", args=[joined.org.pk, "Leads", lead.pk, BulkChange.objects.get().pk])
    client.post(undoing, headers=FRAGMENT)
    junk.refresh_from_db()
    assert junk.deleted_at
    assert junk.is_spam


@pytest.mark.spec("T2")
def test_spam_is_a_pill_of_the_block_where_there_is_any(joined: Joined) -> None:
    lead, client = make_record(joined.org, "Leads", Email=ADDRESS), client_of(joined)
    block = client.get(url_of(joined, lead.pk, name="record_tickets"), headers=FRAGMENT)
    assert "Spam" not in [pill.label for pill in block.context["pills"]]
    junk = make_ticket(joined.portal, contact=Contact.objects.get(email=ADDRESS))
    mark_as_spam(joined.portal, ticket_ids=[junk.pk], actor=MAKER)
    block = client.get(url_of(joined, lead.pk, name="record_tickets"), headers=FRAGMENT)
    assert [pill.count for pill in block.context["pills"] if pill.label == "Spam"] == [1]


@pytest.mark.spec("T2")
def test_a_customer_of_whom_there_is_nothing_but_spam_has_the_pill_too(joined: Joined) -> None:
    lead, client = make_record(joined.org, "Leads", Email="won@lottery.example"), client_of(joined)
    junk = make_ticket(joined.portal, contact=make_contact(joined.portal, email="won@lottery.example"))
    mark_as_spam(joined.portal, ticket_ids=[junk.pk], actor=MAKER)
    page = client.get(url_of(joined, lead.pk, name="record_tickets"), headers=FRAGMENT).content.decode()
    assert "tickets=spam" in page


@pytest.mark.spec("N1")
def test_the_sheet_has_an_address_of_its_own_and_refreshes_its_body(joined: Joined) -> None:
    lead, client = make_record(joined.org, "Leads", Email=ADDRESS), client_of(joined)
    whole = client.get(url_of(joined, lead.pk)).content.decode()
    assert "<html" in whole
    assert "Ticket statistics" in whole
    body = client.get(url_of(joined, lead.pk), headers={**FRAGMENT, "HX-Target": "statistics"}).content.decode()
    assert "sheet-title" not in body
    assert "k-tile" in body


@pytest.mark.spec("P4", "N1")
def test_who_may_not_see_the_tickets_sees_no_statistics_either(joined: Joined) -> None:
    lead = make_record(joined.org, "Leads", Email=ADDRESS)
    member = make_member(joined.org, permissions=["see_all_records"]).person
    client = Client()
    client.force_login(member)
    assert client.get(url_of(joined, lead.pk), headers=FRAGMENT).status_code == 200
    Connection.objects.update(seatless_sight="none")
    assert client.get(url_of(joined, lead.pk), headers=FRAGMENT).status_code == 404
    client.force_login(make_stranger())
    assert client.get(url_of(joined, lead.pk), headers=FRAGMENT).status_code == 404


def test_a_record_without_a_customer_says_so(joined: Joined) -> None:
    deal = make_record(joined.org, "Deals")
    page = client_of(joined).get(url_of(joined, deal.pk, "Deals"), headers=FRAGMENT).content.decode()
    assert "there is nothing to count" in page


def test_statistics_ask_as_many_questions_however_many_tickets_there_are(joined: Joined) -> None:
    lead, client = make_record(joined.org, "Leads", Email=ADDRESS), client_of(joined)
    counts = []
    for _round in range(2):
        client.get(url_of(joined, lead.pk), headers=FRAGMENT)
        with CaptureQueriesContext(connection) as queries:
            client.get(url_of(joined, lead.pk), headers=FRAGMENT)
        counts.append(len(queries))
        for number in range(10):
            make_ticket(joined.portal, contact_email=ADDRESS, subject=f"{number}")
    assert counts[0] == counts[1] <= 19
