"""Every page of the Desk: whole, as a fragment, refused, and for a stranger as if it were not there."""

import json
import re
from secrets import token_hex

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from kakehashi.desk.conversations.actions import receive_message, send_reply
from kakehashi.desk.conversations.models import Comment, Draft, Message, MessageState
from kakehashi.desk.customers.actions import update_contact
from kakehashi.desk.customers.models import Contact
from kakehashi.desk.portals.actions import create_department
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.products.actions import create_product
from kakehashi.desk.ticket_fields.actions import FieldDraft, add_field
from kakehashi.desk.tickets.actions import update_ticket
from kakehashi.desk.tickets.models import Ticket
from tests.makers.desk import MAKER, make_account, make_contact, make_ticket

from .conftest import People

pytestmark = pytest.mark.django_db
FRAGMENT = {"HX-Request": "true"}


@pytest.fixture
def contact(portal: Portal) -> Contact:
    return make_contact(portal, account=make_account(portal), phone="0258-00-1147", title="課長")


@pytest.fixture
def ticket(portal: Portal, contact: Contact) -> Ticket:
    ticket = make_ticket(portal, contact=contact, description_html="<p>15分ごとに切れます</p>")
    receive_message(ticket, sender=contact.email, html="<p>まだです</p>", actor=MAKER)
    return ticket


def addresses(portal: Portal, ticket: Ticket) -> dict[str, str]:
    here, one = [portal.pk], [portal.pk, ticket.pk]
    return {
        "tickets": reverse("desk_tickets", args=here),
        "ticket": reverse("desk_ticket", args=one),
        "head": reverse("desk_ticket_head", args=one),
        "properties": reverse("desk_ticket_properties", args=one),
        "conversation": reverse("desk_conversation", args=one),
        "composer": reverse("desk_composer", args=one),
        "new ticket": reverse("desk_ticket_new", args=here),
        "contacts": reverse("desk_contacts", args=here),
        "contact": reverse("desk_contact", args=[portal.pk, ticket.contact_id]),
        "new contact": reverse("desk_contact_new", args=here),
        "edit contact": reverse("desk_contact_edit", args=[portal.pk, ticket.contact_id]),
        "accounts": reverse("desk_accounts", args=here),
        "account": reverse("desk_account", args=[portal.pk, ticket.account_id]),
        "edit account": reverse("desk_account_edit", args=[portal.pk, ticket.account_id]),
        "contact options": reverse("desk_contact_options", args=here),
        "products": reverse("desk_products", args=here),
        "new product": reverse("desk_product_new", args=here),
        "settings": reverse("desk_settings", args=here),
        "departments": reverse("desk_departments", args=here),
        "new department": reverse("desk_department_new", args=here),
        "agents": reverse("desk_agents", args=here),
    }


FOR_AGENTS = {"new ticket", "new contact", "edit contact", "edit account", "new product"}
FOR_ADMINISTRATORS = {"settings", "departments", "new department", "agents"}


@pytest.mark.parametrize("who", ["administrator", "agent", "light_agent", "stranger"])
def test_who_gets_which_page(portal: Portal, people: People, ticket: Ticket, who: str) -> None:
    client = people.client_of(who)
    for name, address in addresses(portal, ticket).items():
        allowed = {
            "administrator": True,
            "agent": name not in FOR_ADMINISTRATORS,
            "light_agent": name not in FOR_ADMINISTRATORS | FOR_AGENTS,
        }
        expected = 404 if who == "stranger" else 200 if allowed[who] else 403
        assert client.get(address).status_code == expected, name


def test_nobody_gets_in_without_signing_in(portal: Portal, ticket: Ticket) -> None:
    for address in addresses(portal, ticket).values():
        assert Client().get(address).status_code == 302


def test_lists_answer_fragments_without_the_frame(portal: Portal, people: People, ticket: Ticket) -> None:
    client = people.client_of("agent")
    for name in ("tickets", "contacts", "accounts", "products", "contact", "account"):
        answer = client.get(addresses(portal, ticket)[name], headers=FRAGMENT)
        assert "<html" not in answer.content.decode(), name


def test_no_page_fills_the_place_of_a_sheet_by_accident(portal: Portal, people: People, ticket: Ticket) -> None:
    product = create_product(portal, values={"productName": "TL-200"}, actor=MAKER)
    client = people.client_of("administrator")
    pages = addresses(portal, ticket) | {"product": reverse("desk_product", args=[portal.pk, product.pk])}
    found = {
        name: re.search('<div id="sheet">([^<]*)<', client.get(url).content.decode()) for name, url in pages.items()
    }
    assert {name: place[1] for name, place in found.items() if place and place[1]} == {}
    assert all(found[name] for name in ("account", "contact", "product")), "these stand in the frame"


def test_a_ticket_shows_its_conversation_and_what_one_may_do(portal: Portal, people: People, ticket: Ticket) -> None:
    page = people.client_of("agent").get(reverse("desk_ticket", args=[portal.pk, ticket.pk])).content.decode()
    assert "15分ごとに切れます" in page
    assert "まだです" in page
    assert 'data-mode="reply"' in page
    light = people.client_of("light_agent").get(reverse("desk_ticket", args=[portal.pk, ticket.pk])).content.decode()
    assert 'data-mode="comment"' in light
    assert 'data-mode="reply"' not in light
    assert 'name="assigneeId"' not in light


def test_replying_from_the_page_holds_the_mail_and_offers_undo(portal: Portal, people: People, ticket: Ticket) -> None:
    client = people.client_of("agent")
    answer = client.post(
        reverse("desk_replies", args=[portal.pk, ticket.pk]),
        {"mode": "reply", "html": "<p>確認します</p>", "to": ["相沢 <a@example.com>"], "files": [text_file()]},
    )
    message = Message.objects.get(ticket=ticket, direction="out")
    assert (answer.status_code, message.state, message.to) == (200, MessageState.PENDING, ["相沢 <a@example.com>"])
    assert message.attachments.count() == 1
    undo = json.loads(answer["HX-Trigger"])["toast"]["undo"]
    taken_back = client.post(undo)
    message.refresh_from_db()
    assert (taken_back.status_code, message.state) == (204, MessageState.WITHDRAWN)
    draft = Draft.objects.get(ticket=ticket)
    assert (draft.mode, draft.html) == ("reply", "<p>確認します</p>")
    page = client.get(reverse("desk_composer", args=[portal.pk, ticket.pk])).content.decode()
    assert "確認します" in page


def text_file() -> SimpleUploadedFile:
    return SimpleUploadedFile("手順.txt", b"1. Restart", "text/plain")


def test_what_was_typed_stays_when_a_reply_is_refused(portal: Portal, people: People, ticket: Ticket) -> None:
    address = reverse("desk_replies", args=[portal.pk, ticket.pk])
    answer = people.client_of("agent").post(address, {"mode": "forward", "html": "<p>ご確認ください</p>", "to": ["x"]})
    assert answer.status_code == 422
    assert "ご確認ください" in answer.content.decode()
    assert not Message.objects.filter(ticket=ticket, direction="out").exists()


def test_a_light_agent_may_comment_but_not_reply(portal: Portal, people: People, ticket: Ticket) -> None:
    client = people.client_of("light_agent")
    comment = client.post(
        reverse("desk_comments", args=[portal.pk, ticket.pk]), {"mode": "comment", "html": "<p>y</p>"}
    )
    public = client.post(
        reverse("desk_comments", args=[portal.pk, ticket.pk]), {"mode": "public_comment", "html": "<p>z</p>"}
    )
    reply = client.post(
        reverse("desk_replies", args=[portal.pk, ticket.pk]), {"html": "<p>x</p>", "to": ["a@b.example"]}
    )
    assert (comment.status_code, public.status_code, reply.status_code) == (200, 403, 403)
    assert list(Comment.objects.values_list("is_public", flat=True)) == [False]


def test_drafts_are_kept_per_kind_and_gone_once_sent(portal: Portal, people: People, ticket: Ticket) -> None:
    client, address = people.client_of("agent"), reverse("desk_draft", args=[portal.pk, ticket.pk])
    client.post(address, {"mode": "reply", "html": "<p>mail</p>", "to": ["a@example.com"]})
    client.post(address, {"mode": "comment", "html": "<p>inside</p>"})
    assert Draft.objects.filter(ticket=ticket).count() == 2
    client.post(reverse("desk_comments", args=[portal.pk, ticket.pk]), {"mode": "comment", "html": "<p>inside</p>"})
    assert [draft.html for draft in Draft.objects.filter(ticket=ticket)] == ["<p>mail</p>"]
    receive_message(ticket, sender="a@example.com", html="<p>news</p>", actor=MAKER)
    page = client.get(reverse("desk_composer", args=[portal.pk, ticket.pk])).content.decode()
    assert "newer message" in page


def test_a_property_changes_where_it_stands(portal: Portal, people: People, ticket: Ticket) -> None:
    address = reverse("desk_ticket_properties", args=[portal.pk, ticket.pk])
    client = people.client_of("administrator")
    assert client.post(address, {"assigneeId": people.agent.agent.pk}).status_code == 200
    ticket.refresh_from_db()
    assert ticket.assignee == people.agent.agent
    assert client.post(address, {"dueDate": "tomorrow"}).status_code == 422
    assert people.client_of("light_agent").post(address, {"priority": "High"}).status_code == 403


def test_a_property_changed_in_place_is_taken_back_unless_somebody_went_on(
    portal: Portal, people: People, ticket: Ticket
) -> None:
    address = reverse("desk_ticket_properties", args=[portal.pk, ticket.pk])
    client = people.client_of("agent")

    def undo_of(values: dict[str, str]) -> str:
        toast = json.loads(client.post(address, values)["HX-Trigger"]).get("toast", {})
        return str(toast.get("undo", ""))

    undo = undo_of({"priority": "High"})
    assert undo_of({"priority": "High"}) == "", "nothing changed"
    client.post(undo)
    ticket.refresh_from_db()
    assert ticket.priority == ""
    undo = undo_of({"priority": "High"})
    update_ticket(ticket, values={"priority": "Low"}, actor=MAKER)
    answer = client.post(undo)
    ticket.refresh_from_db()
    assert ticket.priority == "Low"
    assert "Somebody has changed it since" in answer["HX-Trigger"]
    assert people.client_of("administrator").post(undo).status_code == 404, "a token is one person's"


def test_a_text_too_long_for_an_address_is_saved_without_a_way_back(
    portal: Portal, people: People, ticket: Ticket
) -> None:
    name = add_field(portal, kind="textarea", draft=FieldDraft("Log"), actor=MAKER).api_name
    address = reverse("desk_ticket_properties", args=[portal.pk, ticket.pk])
    client = people.client_of("agent")
    assert "toast" in client.post(address, {"own": name, name: "short"})["HX-Trigger"]
    long = token_hex(5_000)
    assert "toast" not in client.post(address, {"own": name, name: long})["HX-Trigger"]
    ticket.refresh_from_db()
    assert ticket.custom[name] == long


def test_a_department_changed_in_place_comes_back_with_the_assignee(
    portal: Portal, people: People, ticket: Ticket
) -> None:
    first, other = ticket.department, create_department(portal, name="Abroad", actor=MAKER)
    people.agent.agent.departments.set([first])
    update_ticket(ticket, values={"assigneeId": people.agent.agent.pk}, actor=MAKER)
    address = reverse("desk_ticket_properties", args=[portal.pk, ticket.pk])
    client = people.client_of("administrator")
    answer = client.post(address, {"departmentId": other.pk})
    ticket.refresh_from_db()
    assert ticket.department == other
    client.post(json.loads(answer["HX-Trigger"])["toast"]["undo"])
    ticket.refresh_from_db()
    assert (ticket.department, ticket.assignee) == (first, people.agent.agent)


def test_several_tickets_close_and_open_again_by_undo(portal: Portal, people: People, ticket: Ticket) -> None:
    other = make_ticket(portal, values={"status": "Escalated"})
    client = people.client_of("agent")
    answer = client.post(reverse("desk_bulk_start", args=[portal.pk, "close"]), {"selected": [ticket.pk, other.pk]})
    assert Ticket.objects.filter(closed_at__isnull=False).count() == 2
    client.post(json.loads(answer["HX-Trigger"])["toast"]["undo"])
    assert [t.status.name for t in Ticket.objects.order_by("number")] == ["Open", "Escalated"]


def test_deleted_tickets_come_back_by_undo(portal: Portal, people: People, ticket: Ticket) -> None:
    client = people.client_of("agent")
    answer = client.post(reverse("desk_bulk_start", args=[portal.pk, "delete"]), {"selected": [ticket.pk]})
    ticket.refresh_from_db()
    assert ticket.deleted_at
    client.post(json.loads(answer["HX-Trigger"])["toast"]["undo"])
    ticket.refresh_from_db()
    assert ticket.deleted_at is None


def test_somebody_elses_undo_is_nobodys(portal: Portal, people: People, ticket: Ticket) -> None:
    answer = people.client_of("agent").post(
        reverse("desk_bulk_start", args=[portal.pk, "close"]), {"selected": [ticket.pk]}
    )
    undo = json.loads(answer["HX-Trigger"])["toast"]["undo"]
    assert people.client_of("administrator").post(undo).status_code == 404


def test_a_new_ticket_for_somebody_new(portal: Portal, people: People) -> None:
    department = portal.departments.get()
    given = {
        "subject": "請求書の宛名",
        "description": "<p>宛名を変えたい</p><script>alert(1)</script>",
        "departmentId": department.pk,
        "contactLastName": "新井",
        "contactEmail": "arai@example.com",
        "priority": "High",
        "dueDate": "2026-12-01T10:00",
        "files": [text_file()],
    }
    answer = people.client_of("agent").post(reverse("desk_ticket_new", args=[portal.pk]), given)
    ticket = Ticket.objects.get()
    assert answer["Location"] == reverse("desk_ticket", args=[portal.pk, ticket.pk])
    assert (ticket.contact.last_name, ticket.priority) == ("新井", "High")  # type: ignore[union-attr]
    assert "script" not in ticket.description_html
    assert ticket.attachments.count() == 1


def test_a_refused_ticket_keeps_what_was_typed(portal: Portal, people: People) -> None:
    answer = people.client_of("agent").post(
        reverse("desk_ticket_new", args=[portal.pk]),
        {"subject": "件名だけ", "departmentId": portal.departments.get().pk},
    )
    assert answer.status_code == 422
    assert "件名だけ" in answer.content.decode()


def test_an_edit_over_somebody_elses_shows_both_and_then_saves(
    portal: Portal, people: People, contact: Contact
) -> None:
    client, address = people.client_of("agent"), reverse("desk_contact_edit", args=[portal.pk, contact.pk])
    typed = {"lastName": "相沢", "firstName": "美咲", "phone": "03-0000-0002", "version": contact.version}
    update_contact(contact, values={"phone": "03-0000-0001"}, actor=MAKER)
    clash = client.post(address, typed)
    assert clash.status_code == 409
    assert "03-0000-0001" in clash.content.decode()
    assert client.post(address, {**typed, "version": contact.version + 1}).status_code == 302
    contact.refresh_from_db()
    assert contact.phone == "03-0000-0002"


def test_a_contact_is_found_by_part_of_a_name_in_any_script(portal: Portal, people: People, contact: Contact) -> None:
    make_contact(portal, lastName="タナカ", firstName="")
    ask = people.client_of("agent").get
    address = reverse("desk_contact_options", args=[portal.pk])
    assert [option["text"] for option in ask(address, {"q": "相"}).json()] == ["相沢 美咲"]
    assert [option["text"] for option in ask(address, {"q": "たなか"}).json()] == ["タナカ"]


def test_a_file_is_only_for_those_who_see_its_ticket(portal: Portal, people: People, ticket: Ticket) -> None:
    people.client_of("agent").post(
        reverse("desk_comments", args=[portal.pk, ticket.pk]),
        {"mode": "comment", "html": "<p>file</p>", "files": [text_file()]},
    )
    link = ticket.attachments.get()
    address = reverse("desk_attachment", args=[portal.pk, ticket.pk, link.attachment_id])
    assert people.client_of("light_agent").get(address).status_code == 200
    assert people.client_of("stranger").get(address).status_code == 404
    elsewhere = make_ticket(portal)
    assert (
        people.client_of("agent")
        .get(reverse("desk_attachment", args=[portal.pk, elsewhere.pk, link.attachment_id]))
        .status_code
        == 404
    )


def test_an_agent_of_one_department_does_not_see_the_others(portal: Portal, people: People, ticket: Ticket) -> None:
    from kakehashi.desk.portals.actions import create_department

    other = create_department(portal, name="Overseas", actor=MAKER)
    people.agent.agent.departments.set([other])
    client = people.client_of("agent")
    assert client.get(reverse("desk_ticket", args=[portal.pk, ticket.pk])).status_code == 404
    assert ticket.subject not in client.get(reverse("desk_tickets", args=[portal.pk])).content.decode()
    assert (
        ticket.subject not in client.get(reverse("desk_contact", args=[portal.pk, ticket.contact_id])).content.decode()
    )


def test_the_list_needs_as_many_queries_for_many_tickets_as_for_few(
    portal: Portal, people: People, django_assert_max_num_queries: object, contact: Contact
) -> None:
    client, address = people.client_of("agent"), reverse("desk_tickets", args=[portal.pk])
    for _ in range(3):
        make_ticket(portal, contact=contact, values={"productId": product_of(portal)})
    few = count_queries(client, address)
    for _ in range(20):
        make_ticket(portal, contact=contact, values={"productId": product_of(portal)})
    assert count_queries(client, address) == few
    assert few <= 22


def test_a_ticket_page_needs_as_many_queries_for_many_messages_as_for_few(
    portal: Portal, people: People, ticket: Ticket
) -> None:
    client, address = people.client_of("agent"), reverse("desk_ticket", args=[portal.pk, ticket.pk])
    send_reply(ticket, html="<p>a</p>", to=["a@example.com"], actor=people.agent.actor)
    few = count_queries(client, address)
    for number in range(10):
        receive_message(ticket, sender="a@example.com", html=f"<p>{number}</p>", actor=MAKER)
        make_ticket(portal, contact=ticket.contact)
    assert count_queries(client, address) == few
    assert few <= 34


def product_of(portal: Portal) -> int:
    return create_product(portal, values={"productName": "温度ロガー TL-200"}, actor=MAKER).pk


def count_queries(client: Client, address: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_a_page_that_is_not_there_keeps_the_portals_top_bar(portal: Portal, people: People) -> None:
    missing = people.client_of("agent").get(reverse("desk_ticket", args=[portal.pk, 999999]))
    assert missing.status_code == 404
    assert f'href="{reverse("desk_contacts", args=[portal.pk])}"' in missing.text
    strangers = people.client_of("stranger").get(reverse("desk_tickets", args=[portal.pk]))
    assert strangers.status_code == 404
    assert portal.name not in strangers.text
