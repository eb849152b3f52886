"""The main path: a sales person answers a customer without leaving the CRM, and an administrator joins the two products."""

from collections.abc import Callable

import pytest
from django.test import override_settings
from django.urls import reverse
from playwright.sync_api import Page, expect

from kakehashi.core import clock
from kakehashi.crm.records.models import Record
from kakehashi.desk.conversations.actions import receive_message
from kakehashi.desk.conversations.models import Comment, Message
from kakehashi.desk.customers.models import Contact
from kakehashi.desk.mailbox.models import OutboxMail
from kakehashi.desk.mailbox.sending import deliver
from kakehashi.desk.tickets.models import Ticket
from tests.makers.bridge import Joined, make_joined
from tests.makers.crm import make_member, make_org, make_person, make_record
from tests.makers.desk import MAKER, make_ticket

from .conftest import DESKTOP, PHONE, Meet, assert_accessible

pytestmark = pytest.mark.django_db(transaction=True)
Drain = Callable[[], int]


@pytest.fixture
def joined(drain: Drain) -> Joined:
    joined = make_joined()
    make_record(joined.org, Last_Name="相沢", First_Name="美咲", Email="misaki@tsukimizaka.example")
    drain()
    return joined


def record_url(joined: Joined) -> str:
    record = Record.objects.get(org=joined.org, module__api_name="Contacts")
    return reverse("crm_record", args=[joined.org.pk, "Contacts", record.pk])


def customers_ticket(joined: Joined) -> Ticket:
    ticket = make_ticket(joined.portal, contact=Contact.objects.get(portal=joined.portal))
    receive_message(ticket, sender="相沢 美咲 <misaki@tsukimizaka.example>", html="<p>まだです</p>", actor=MAKER)
    return ticket


def type_message(page: Page, text: str) -> None:
    """Not within the first milliseconds of a page, but sent right after the last letter."""
    settled(page)
    editor = page.locator("#ticket-talk trix-editor")
    expect(editor).to_have_attribute("contenteditable", "")
    editor.click()
    page.keyboard.type(text)
    page.keyboard.press("Control+Enter")


def settled(page: Page) -> None:
    expect(page.locator(":is(.htmx-added, .htmx-settling, .htmx-request)")).to_have_count(0)


def open_first_ticket(page: Page) -> None:
    page.locator("#desk-tickets .k-row a[data-sheet]").first.click()
    expect(page.locator("#ticket-conversation")).to_be_visible()


@pytest.mark.spec("T1", "T3")
@override_settings(EMAIL_BACKEND="kakehashi.desk.mailbox.outbox.OutboxBackend")
def test_a_ticket_is_added_with_a_file_and_answered_and_the_mail_leaves(meet: Meet, joined: Joined) -> None:
    page = meet(joined.administrator.person).open(record_url(joined))
    page.get_by_role("link", name="New ticket").first.click()
    page.get_by_label("Subject").fill("冷蔵庫3号機のロガーが切断される")
    page.locator("#new-ticket trix-editor").click()
    page.keyboard.type("15 minutes")
    page.locator("#k-sheet").get_by_label("Attachments").set_input_files(
        {"name": "logger.txt", "mimeType": "text/plain", "buffer": b"log"}
    )
    page.get_by_role("button", name="Submit").click()
    expect(page.locator("#ticket-conversation")).to_contain_text("logger.txt")
    ticket = Ticket.objects.get()
    assert page.url.endswith(f"/tickets/{ticket.pk}/")
    type_message(page, "We will check today.")
    expect(page.locator("#ticket-conversation")).to_contain_text("We will check today.")
    Message.objects.filter(direction="out").update(send_after=clock.now())  # ten seconds later
    deliver(Message.objects.get(direction="out").pk)
    mail = OutboxMail.objects.get()
    assert "misaki@tsukimizaka.example" in mail.recipients[0]
    page.keyboard.press("Escape")
    page.wait_for_url(f"**{record_url(joined)}")
    expect(page.locator("#desk-tickets")).to_contain_text("冷蔵庫3号機のロガーが切断される")


@pytest.mark.spec("T3")
def test_the_sheet_has_its_own_address_and_gives_the_focus_back(meet: Meet, joined: Joined) -> None:
    ticket = customers_ticket(joined)
    page = meet(joined.administrator.person).open(record_url(joined))
    open_first_ticket(page)
    assert_accessible(page, "#k-sheet")
    assert page.url.endswith(f"/tickets/{ticket.pk}/")
    page.keyboard.press("Escape")
    page.wait_for_url(f"**{record_url(joined)}")
    expect(page.locator("#desk-tickets .k-row a[data-sheet]").first).to_be_focused()
    page.goto(page.url + f"tickets/{ticket.pk}/")
    expect(page.locator("#ticket-conversation")).to_be_visible()
    page.locator("#k-sheet").get_by_role("button", name="Close", exact=True).click()
    page.wait_for_url(f"**{record_url(joined)}")


@pytest.mark.spec("T3")
def test_a_mail_from_the_sheet_can_be_taken_back_and_says_what_is_on_the_screen_then(
    meet: Meet, joined: Joined
) -> None:
    ticket = customers_ticket(joined)
    page = meet(joined.administrator.person).open(record_url(joined))
    open_first_ticket(page)
    type_message(page, "Tomorow")
    page.locator(".k-toast").get_by_role("button", name="Undo").click()
    editor = page.locator("#ticket-composer trix-editor")
    expect(editor).to_contain_text("Tomorow")
    expect(page.locator("#ticket-conversation")).not_to_contain_text("Tomorow")
    settled(page)
    editor.click()
    page.keyboard.press("Control+A")
    page.keyboard.type("Tomorrow")
    expect(page.locator(".k-composer-saved")).to_have_text("Draft saved")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#ticket-conversation")).to_contain_text("Tomorrow")
    states = dict(Message.objects.filter(ticket=ticket, direction="out").values_list("text", "state"))
    assert states == {"Tomorow": "withdrawn", "Tomorrow": "pending"}


@pytest.mark.spec("T4", "T5")
def test_tickets_are_updated_from_the_list_deleted_and_brought_back(meet: Meet, joined: Joined) -> None:
    ticket = customers_ticket(joined)
    page = meet(joined.administrator.person).open(record_url(joined))
    card = page.locator("#desk-tickets")
    card.get_by_label(f"Select #{ticket.number}").check()
    card.get_by_role("button", name="Update field").click()
    expect(page.locator("#update-field")).to_be_visible()
    settled(page)
    page.locator("#update-field").select_option("priority")
    expect(page.locator("#update-value option[value=High]")).to_be_attached()
    page.locator("#update-value").select_option("High")
    page.get_by_role("button", name="Update", exact=True).click()
    expect(card.get_by_text("High priority 1")).to_be_visible()
    settled(page)
    card.get_by_label(f"Select #{ticket.number}").check()
    card.get_by_role("button", name="More").click()
    card.get_by_role("button", name="Delete").click()
    expect(card).to_contain_text("No tickets yet.")
    page.locator(".k-toast button").click()
    expect(card.locator(".k-row")).to_have_count(1)


@pytest.mark.spec("T4")
def test_a_field_is_changed_in_place_and_taken_back(meet: Meet, joined: Joined) -> None:
    ticket = customers_ticket(joined)
    page = meet(joined.administrator.person).open(record_url(joined))
    open_first_ticket(page)
    settled(page)
    page.locator("#ticket-properties").get_by_label("Priority").select_option("High")
    expect(page.locator("#ticket-head")).to_contain_text("High")
    ticket.refresh_from_db()
    assert ticket.priority == "High"
    page.locator(".k-toast", has_text="Saved").get_by_role("button", name="Undo").click()
    expect(page.locator(".k-toast")).to_contain_text("As before")
    expect(page.locator("#ticket-properties").get_by_label("Priority")).to_have_value("")
    ticket.refresh_from_db()
    assert ticket.priority == ""


@pytest.mark.spec("T4")
def test_on_a_phone_the_fields_stay_shown_when_one_is_changed_and_taken_back(meet: Meet, joined: Joined) -> None:
    customers_ticket(joined)
    page = meet(joined.administrator.person, size=PHONE).open(record_url(joined))
    open_first_ticket(page)
    settled(page)
    switch, field = (
        page.get_by_role("button", name="Fields", exact=True),
        page.locator("#ticket-properties").get_by_label("Priority"),
    )
    switch.click()
    field.select_option("High")
    expect(page.locator("#ticket-head")).to_contain_text("High")
    expect(switch).to_have_attribute("aria-pressed", "true")
    page.locator(".k-toast", has_text="Saved").get_by_role("button", name="Undo").click()
    expect(field).to_have_value("")
    expect(page.locator("#ticket-head")).not_to_contain_text("High")
    expect(switch).to_have_attribute("aria-pressed", "true")


@pytest.mark.spec("P4", "T6")
def test_without_a_desk_account_one_is_offered_a_comment_only(meet: Meet, joined: Joined) -> None:
    customers_ticket(joined)
    colleague = make_member(joined.org, language="en", permissions=["see_all_records"]).person
    page = meet(colleague).open(record_url(joined))
    expect(page.get_by_role("link", name="New ticket")).to_have_count(0)
    open_first_ticket(page)
    expect(page.locator("#k-sheet [role=tab]")).to_have_text(["Comment"])
    type_message(page, "The deal is close.")
    expect(page.locator("#ticket-conversation .is-internal")).to_contain_text("The deal is close.")
    assert Comment.objects.get().author == colleague


@pytest.mark.parametrize(("size", "theme"), [(DESKTOP, "light"), (PHONE, "dark")])
def test_the_block_and_the_integration_page_are_accessible(
    meet: Meet, joined: Joined, size: tuple[int, int], theme: str
) -> None:
    customers_ticket(joined)
    visitor = meet(joined.administrator.person, size=size, color_scheme=theme)
    assert_accessible(visitor.open(record_url(joined)), "#desk-tickets")
    page = visitor.open(reverse("desk_integration", args=[joined.org.pk]))
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.spec("S3", "Y8")
def test_an_administrator_connects_a_new_portal(meet: Meet, drain: Drain) -> None:
    person = make_person(language="en")
    org = make_org(administrator=person, language="en")
    make_record(org)
    page = meet(person).open(reverse("desk_integration", args=[org.pk]))
    page.get_by_role("link", name="Set up now").click()
    page.get_by_label("Portal name").fill("minamo-support")
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_role("button", name="Finish and sync at once")).to_be_visible()
    page.wait_for_load_state()
    assert_accessible(page)
    page.get_by_role("button", name="Finish and sync at once").click()
    expect(page.locator("#sync-card").get_by_text("First sync is running", exact=True)).to_be_visible()
    drain()
    expect(page.locator("#sync-card header")).to_contain_text("In sync")
