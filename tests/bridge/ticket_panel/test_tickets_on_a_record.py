"""Spec R3, T1–T6, P4: tickets on CRM records, for an administrator, a light agent, and a CRM user without a Desk account."""

import json
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kakehashi.crm.records.models import Record
from kakehashi.desk.conversations.models import Comment, Message
from kakehashi.desk.conversations.uploads import NewFile
from kakehashi.desk.customers.models import Account, Contact
from kakehashi.desk.portals.actions import add_agent
from kakehashi.desk.tickets.actions import update_ticket
from kakehashi.desk.tickets.models import Ticket
from kakehashi.identity.people.models import Person
from tests.makers.bridge import Joined, make_joined
from tests.makers.crm import make_member, make_record, make_stranger
from tests.makers.desk import MAKER, make_ticket

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass
class World:
    joined: Joined
    record: Record
    account: Record

    @property
    def contact(self) -> Contact:
        return Contact.objects.get(portal=self.joined.portal)

    def client(self, person: Person | None = None) -> Client:
        client = Client()
        client.force_login(person or self.joined.administrator.person)
        return client

    def url(self, name: str, *more: object, record: Record | None = None, module: str = "Contacts") -> str:
        return reverse(name, args=[self.joined.org.pk, module, (record or self.record).pk, *more])

    def ticket(self, **values: object) -> Ticket:
        return make_ticket(self.joined.portal, contact=self.contact, **values)


@pytest.fixture
def world(drain: Callable[[], int]) -> World:
    joined = make_joined()
    account = make_record(joined.org, "Accounts", Account_Name="月見坂食品")
    record = make_record(
        joined.org, Last_Name="相沢", First_Name="美咲", Email="misaki@tsukimizaka.example", Account_Name=account.pk
    )
    drain()
    return World(joined, record, account)


def light_agent(world: World) -> Person:
    person = make_member(world.joined.org, language="en").person
    add_agent(world.joined.portal, person=person, role="light_agent", actor=MAKER)
    return person


def crm_user(world: World) -> Person:
    return make_member(world.joined.org, language="en", permissions=["see_all_records"]).person


@pytest.mark.spec("R3", "T2")
def test_the_record_page_shows_the_tickets_with_counts_and_an_entry_in_the_rail(world: World) -> None:
    world.ticket(subject="冷蔵庫のロガー", values={"priority": "High"})
    page = world.client().get(reverse("crm_record", args=[world.joined.org.pk, "Contacts", world.record.pk]))
    text = page.content.decode()
    assert "冷蔵庫のロガー" in text
    assert 'href="#desk"' in text
    assert "High priority <b>1</b>" in text


@pytest.mark.spec("T2")
def test_filters_narrow_the_list(world: World) -> None:
    world.ticket(subject="urgent", values={"priority": "High"})
    world.ticket(subject="later")
    url = world.url("record_tickets") + "?tickets=high_priority"
    text = world.client().get(url, headers={"HX-Request": "true"}).content.decode()
    assert "urgent" in text
    assert "later" not in text


@pytest.mark.spec("R3")
def test_an_account_shows_its_contacts_tickets_and_a_deal_those_of_both(world: World) -> None:
    world.ticket(subject="冷蔵庫のロガー")
    deal = make_record(
        world.joined.org,
        "Deals",
        Deal_Name="増設",
        Account_Name=world.account.pk,
        Contact_Name=world.record.pk,
        Stage="Qualification",
    )
    for record, module in [(world.account, "Accounts"), (deal, "Deals")]:
        url = world.url("record_tickets", record=record, module=module)
        assert "冷蔵庫のロガー" in world.client().get(url, headers={"HX-Request": "true"}).content.decode()


@pytest.mark.spec("R3")
def test_without_an_address_the_block_says_why_it_is_empty_and_offers_the_cure(world: World) -> None:
    record = make_record(world.joined.org, Last_Name="戸田")
    text = (
        world.client().get(world.url("record_tickets", record=record), headers={"HX-Request": "true"}).content.decode()
    )
    assert "There is no e-mail address here" in text
    assert reverse("crm_record_edit", args=[world.joined.org.pk, "Contacts", record.pk]) in text


@pytest.mark.spec("T1")
def test_a_ticket_is_created_for_the_prefilled_contact_with_a_file(world: World) -> None:
    form = world.client().get(world.url("record_ticket_new"), headers={"HX-Request": "true"}).content.decode()
    assert "misaki@tsukimizaka.example" in form
    department = world.joined.portal.departments.get()
    created = world.client().post(
        world.url("record_ticket_new"),
        {
            "contact": world.contact.pk,
            "department": department.pk,
            "subject": "冷蔵庫3号機のロガーが切断される",
            "description": "<div>15分ほどで<strong>切断</strong>されます</div>",
            "priority": "High",
            "attachments": SimpleUploadedFile("logger.txt", b"log", "text/plain"),
        },
        headers={"HX-Request": "true"},
    )
    ticket = Ticket.objects.get()
    assert created.headers["HX-Replace-Url"] == world.url("record_ticket", ticket.pk)
    assert (ticket.contact, ticket.account, ticket.priority) == (world.contact, Account.objects.get(), "High")
    assert ticket.attachments.get().attachment.name == "logger.txt"


@pytest.mark.spec("T1")
def test_a_ticket_may_be_for_a_new_contact(world: World) -> None:
    department = world.joined.portal.departments.get()
    values = {
        "contact": "new",
        "contact_last_name": "森",
        "contact_email": "mori@new.example",
        "account": Account.objects.get().pk,
        "department": department.pk,
        "subject": "校正について",
    }
    assert (
        world.client().post(world.url("record_ticket_new", record=world.account, module="Accounts"), values).status_code
        == 302
    )
    ticket = Ticket.objects.get()
    assert ticket.contact.email == "mori@new.example"  # type: ignore[union-attr]
    assert ticket.account == Account.objects.get()


def test_what_was_typed_survives_an_error(world: World) -> None:
    values = {"contact": world.contact.pk, "department": "", "subject": "", "description": "<div>詳しい説明</div>"}
    refused = world.client().post(world.url("record_ticket_new"), values, headers={"HX-Request": "true"})
    assert refused.status_code == 422
    assert "詳しい説明" in refused.content.decode()
    assert not Ticket.objects.exists()


@pytest.mark.spec("T3")
def test_a_ticket_opens_in_a_sheet_and_has_an_address_of_its_own(world: World) -> None:
    ticket = world.ticket(subject="冷蔵庫のロガー", description_html="<p>切断されます</p>")
    url = world.url("record_ticket", ticket.pk)
    fragment = world.client().get(url, headers={"HX-Request": "true"}).content.decode()
    assert "切断されます" in fragment
    assert "<html" not in fragment
    page = world.client().get(url).content.decode()
    assert "切断されます" in page
    assert "Contact information" in page


@pytest.mark.spec("T3")
def test_a_reply_goes_out_and_a_comment_stays_inside(world: World) -> None:
    ticket = world.ticket()
    client = world.client()
    reply = client.post(
        world.url("record_ticket_replies", ticket.pk),
        {"mode": "reply", "html": "<div>確認します</div>", "to": ["misaki@tsukimizaka.example"]},
        headers={"HX-Request": "true"},
    )
    assert "ticket-changed" in reply.headers["HX-Trigger"]
    assert "確認します" in client.get(world.url("record_ticket_talk", ticket.pk)).content.decode()
    assert Message.objects.get(ticket=ticket).to == ["misaki@tsukimizaka.example"]
    client.post(world.url("record_ticket_comments", ticket.pk), {"mode": "comment", "html": "<div>社内メモ</div>"})
    comment = Comment.objects.get(ticket=ticket)
    assert (comment.is_public, comment.author) == (False, world.joined.administrator.person)


def test_an_empty_reply_comes_back_with_the_reason(world: World) -> None:
    ticket = world.ticket()
    refused = world.client().post(
        world.url("record_ticket_replies", ticket.pk),
        {"mode": "reply_all", "html": "<div>下書き</div>", "to": ["not an address"]},
        headers={"HX-Request": "true"},
    )
    assert refused.status_code == 422
    assert "下書き" in refused.content.decode()


@pytest.mark.spec("T4", "T5")
def test_several_tickets_are_updated_closed_deleted_and_brought_back(world: World) -> None:
    tickets = [world.ticket(subject=f"{number}") for number in range(2)]
    ids, client = [ticket.pk for ticket in tickets], world.client()
    fragment = {"HX-Request": "true"}
    client.post(
        world.url("record_tickets_values"), {"selected": ids, "field": "priority", "value": "High"}, headers=fragment
    )
    assert set(Ticket.objects.values_list("priority", flat=True)) == {"High"}
    client.post(world.url("record_tickets_closures"), {"selected": ids}, headers=fragment)
    assert not Ticket.objects.filter(closed_at=None).exists()
    deleted = client.post(world.url("record_tickets_removals"), {"selected": ids}, headers=fragment)
    assert not Ticket.objects.filter(deleted_at=None).exists()
    back = json.loads(deleted.headers["HX-Trigger"])["toast"]["undo"]
    client.post(back, headers=fragment)
    assert Ticket.objects.filter(deleted_at=None).count() == 2


@pytest.mark.spec("T4")
def test_one_field_is_changed_in_the_sheet_and_a_wrong_value_is_explained(world: World) -> None:
    ticket = world.ticket()
    url, fragment = world.url("record_ticket_properties", ticket.pk), {"HX-Request": "true"}
    world.client().post(url, {"priority": "Low"}, headers=fragment)
    ticket.refresh_from_db()
    assert ticket.priority == "Low"
    refused = world.client().post(url, {"status": "No such status"}, headers=fragment)
    assert refused.status_code == 422


@pytest.mark.spec("T6", "P2")
def test_a_light_agent_may_comment_but_neither_reply_nor_change(world: World) -> None:
    ticket, client = world.ticket(), world.client(light_agent(world))
    sheet = client.get(world.url("record_ticket", ticket.pk), headers={"HX-Request": "true"}).content.decode()
    assert "Add internal comment" in sheet
    assert "Send reply" not in sheet
    assert "As a light agent you can comment." in sheet
    assert client.post(world.url("record_ticket_comments", ticket.pk), {"html": "<p>ok</p>"}).status_code == 302
    for name, data in refused_requests(ticket):
        args = [ticket.pk] if name in {"record_ticket_replies", "record_ticket_properties"} else []
        assert client.post(world.url(name, *args), data).status_code == 403, name


@pytest.mark.spec("P4", "T6")
def test_without_a_desk_account_one_reads_and_comments_and_nothing_else(world: World) -> None:
    ticket, client = world.ticket(subject="冷蔵庫のロガー"), world.client(crm_user(world))
    card = client.get(world.url("record_tickets"), headers={"HX-Request": "true"}).content.decode()
    assert "冷蔵庫のロガー" in card
    assert "New ticket" not in card
    sheet = client.get(world.url("record_ticket", ticket.pk), headers={"HX-Request": "true"}).content.decode()
    assert "You have no Desk account" in sheet
    client.post(world.url("record_ticket_comments", ticket.pk), {"html": "<p>商談中です</p>"})
    assert Comment.objects.get(ticket=ticket).is_public is False
    for name, data in refused_requests(ticket):
        args = [ticket.pk] if name in {"record_ticket_replies", "record_ticket_properties"} else []
        assert client.post(world.url(name, *args), data).status_code == 403, name


def refused_requests(ticket: Ticket) -> list[tuple[str, dict[str, object]]]:
    mail = {"html": "<p>x</p>", "to": ["a@b.example"]}
    return [
        ("record_ticket_replies", mail),
        ("record_ticket_replies", {**mail, "mode": "forward"}),
        ("record_ticket_properties", {"priority": "Low"}),
        ("record_tickets_values", {"selected": ticket.pk, "field": "priority", "value": "Low"}),
        ("record_tickets_closures", {"selected": ticket.pk}),
        ("record_tickets_removals", {"selected": ticket.pk}),
        ("record_ticket_new", {"subject": "x"}),
    ]


def test_a_ticket_of_another_customer_is_not_reachable_through_this_record(world: World) -> None:
    strange = make_ticket(world.joined.portal, contact_email="other@else.example", contact_last_name="他")
    client = world.client()
    assert client.get(world.url("record_ticket", strange.pk)).status_code == 404
    assert client.post(world.url("record_tickets_closures"), {"selected": strange.pk}).status_code == 404
    assert client.post(world.url("record_ticket_comments", strange.pk), {"html": "<p>x</p>"}).status_code == 404


def test_a_stranger_and_a_colleague_who_does_not_see_the_record_get_404(world: World) -> None:
    ticket = world.ticket()
    blind = make_member(world.joined.org, permissions=[]).person
    for person in (make_stranger(), blind):
        assert world.client(person).get(world.url("record_tickets")).status_code == 404
        assert world.client(person).get(world.url("record_ticket", ticket.pk)).status_code == 404


def test_a_file_is_given_out_to_who_sees_the_record_only(world: World) -> None:
    ticket = world.ticket(uploads=[NewFile("a.txt", "text/plain", b"secret")])
    file_id = ticket.attachments.get().attachment_id
    url = world.url("record_ticket_attachment", ticket.pk, file_id)
    response = world.client(crm_user(world)).get(url)
    assert b"".join(response.streaming_content) == b"secret"  # type: ignore[attr-defined]
    assert world.client(make_stranger()).get(url).status_code == 404
    other = world.ticket()
    assert world.client().get(world.url("record_ticket_attachment", other.pk, file_id)).status_code == 404


def test_the_list_takes_the_same_number_of_queries_for_one_ticket_and_for_twelve(world: World) -> None:
    client, url = world.client(), world.url("record_tickets")
    counts = []
    for number in range(12):
        ticket = world.ticket(subject=f"{number}")
        update_ticket(ticket, values={"priority": "High"}, actor=MAKER)
        client.get(url, headers={"HX-Request": "true"})
        with CaptureQueriesContext(connection) as queries:
            client.get(url, headers={"HX-Request": "true"})
        counts.append(len(queries))
    assert set(counts) == {counts[0]}
    assert counts[0] <= 21
