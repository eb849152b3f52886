"""The Desk as an agent works in it: with the keyboard, by hand, on a phone; and for a light agent."""

import pytest
from playwright.sync_api import expect

from kakehashi.desk.conversations.actions import receive_message
from kakehashi.desk.conversations.models import Draft, Message, MessageState
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.tickets.models import Ticket
from tests.makers.desk import (
    MAKER,
    make_account,
    make_administrator,
    make_contact,
    make_light_agent,
    make_portal,
    make_seat,
    make_ticket,
)

from .conftest import PHONE, Meet, assert_accessible

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def portal(transactional_db: None) -> Portal:
    return make_portal()


@pytest.fixture
def ticket(portal: Portal) -> Ticket:
    contact = make_contact(portal, account=make_account(portal), email="misaki@tsukimizaka.example")
    ticket = make_ticket(portal, contact=contact, description_html="<p>15分ごとに切断されます</p>")
    receive_message(ticket, sender="相沢 美咲 <misaki@tsukimizaka.example>", html="<p>まだです</p>", actor=MAKER)
    return ticket


@pytest.mark.spec("T3")
def test_a_reply_is_typed_sent_and_taken_back_by_keyboard(meet: Meet, portal: Portal, ticket: Ticket) -> None:
    page = meet(make_seat(portal).person).open(f"/desk/{portal.pk}/tickets/{ticket.pk}/")
    page.locator("trix-editor").focus()
    page.keyboard.type("We will check")
    page.keyboard.press("Enter")
    page.keyboard.type("today.")
    expect(page.locator(".k-composer-saved")).to_have_text("Draft saved")
    assert Draft.objects.get().html.count("We will check") == 1
    page.keyboard.press("Control+Enter")
    expect(page.locator("#conversation")).to_contain_text("We will check")
    expect(page.locator(".k-toast button")).to_be_visible()
    assert Message.objects.get(direction="out").to == ["相沢 美咲 <misaki@tsukimizaka.example>"]
    page.locator(".k-toast button").click()
    expect(page.locator("trix-editor")).to_contain_text("We will check")
    expect(page.locator("#conversation")).not_to_contain_text("We will check")
    assert Message.objects.get(direction="out").state == MessageState.WITHDRAWN


@pytest.mark.spec("T3", "T6")
def test_what_is_meant_for_colleagues_never_stands_in_a_mail(meet: Meet, portal: Portal, ticket: Ticket) -> None:
    page = meet(make_seat(portal).person).open(f"/desk/{portal.pk}/tickets/{ticket.pk}/")
    page.locator("[data-mode=comment]").click()
    page.keyboard.type("Careful with this one")
    expect(page.locator("[data-send-button]")).to_have_text("Add internal comment")
    page.locator("[data-mode=reply]").click()
    expect(page.locator("trix-editor")).not_to_contain_text("Careful")
    expect(page.locator("[data-send-button]")).to_have_text("Send reply")
    page.locator("[data-mode=comment]").click()
    expect(page.locator("trix-editor")).to_contain_text("Careful with this one")
    page.locator("[data-send-button]").click()
    expect(page.locator(".k-message.is-internal")).to_contain_text("Careful with this one")


@pytest.mark.spec("T4", "T5")
def test_a_property_changed_in_place_and_closing_can_be_undone(meet: Meet, portal: Portal, ticket: Ticket) -> None:
    page = meet(make_administrator(portal).person).open(f"/desk/{portal.pk}/tickets/{ticket.pk}/")
    page.get_by_label("Priority").select_option("High")
    expect(page.locator("#ticket-head .k-priority")).to_have_text("High")
    page.locator(".k-toast", has_text="Saved").get_by_role("button", name="Undo").click()
    expect(page.locator("#ticket-head .k-priority")).to_have_count(0)
    expect(page.get_by_label("Priority")).to_have_value("")
    page.locator("#ticket-head").get_by_role("button", name="Close").click()
    expect(page.locator("#ticket-head .k-pill")).to_have_text("Closed")
    page.locator(".k-toast", has_text="Ticket closed").get_by_role("button", name="Undo").click()
    expect(page.locator("#ticket-head .k-pill")).to_have_text("Open")


@pytest.mark.spec("T4")
def test_on_a_phone_the_fields_stay_shown_when_one_is_changed(meet: Meet, portal: Portal, ticket: Ticket) -> None:
    page = meet(make_administrator(portal).person, size=PHONE).open(f"/desk/{portal.pk}/tickets/{ticket.pk}/")
    switch = page.get_by_role("button", name="Fields", exact=True)
    switch.click()
    page.get_by_label("Priority").select_option("High")
    expect(page.locator("#ticket-head .k-priority")).to_have_text("High")
    expect(switch).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_label("Priority")).to_be_visible()


@pytest.mark.spec("T5")
def test_several_tickets_are_closed_from_the_list_and_opened_again(meet: Meet, portal: Portal, ticket: Ticket) -> None:
    make_ticket(portal)
    page = meet(make_seat(portal).person).open(f"/desk/{portal.pk}/tickets/?show=all")
    page.locator("[data-bulk-all]").check()
    expect(page.locator("[data-bulk-count]")).to_have_text("2 selected")
    page.locator("[data-bulk-bar] > button", has_text="Close").click()
    expect(page.locator(".k-row .k-pill")).to_have_text(["Closed", "Closed"])
    page.locator(".k-toast button").click()
    expect(page.locator(".k-row .k-pill")).to_have_text(["Open", "Open"])


@pytest.mark.spec("T1")
def test_a_ticket_is_opened_for_a_contact_found_by_typing(meet: Meet, portal: Portal, ticket: Ticket) -> None:
    page = meet(make_seat(portal).person).open(f"/desk/{portal.pk}/tickets/new/")
    page.locator(".ts-control input").first.fill("相")
    page.get_by_role("option", name="相沢 美咲").click()
    page.get_by_label("Subject").fill("New logger")
    page.locator("trix-editor").click()
    page.keyboard.type("Please advise")
    page.get_by_role("button", name="Create ticket").click()
    expect(page.locator("h1")).to_have_text("New logger")
    expect(page.locator("#conversation")).to_contain_text("Please advise")
    made = Ticket.objects.get(subject="New logger")
    assert (made.contact, made.account) == (ticket.contact, ticket.account)


@pytest.mark.spec("P2")
def test_a_light_agent_is_offered_internal_comments_only(meet: Meet, portal: Portal, ticket: Ticket) -> None:
    page = meet(make_light_agent(portal).person).open(f"/desk/{portal.pk}/tickets/{ticket.pk}/")
    expect(page.locator("[role=tab][data-mode]")).to_have_text(["Comment"])
    expect(page.locator(".k-composer.is-internal")).to_be_visible()
    expect(page.locator(".k-property")).to_have_count(0)


@pytest.mark.parametrize(("size", "theme"), [((1440, 900), "light"), (PHONE, "dark")])
def test_the_pages_are_accessible_and_fit(
    meet: Meet, portal: Portal, ticket: Ticket, size: tuple[int, int], theme: str
) -> None:
    visitor = meet(make_administrator(portal).person, size=size, color_scheme=theme)
    for path in (
        "tickets/",
        f"tickets/{ticket.pk}/",
        "tickets/new/",
        "contacts/",
        f"contacts/{ticket.contact_id}/",
        f"accounts/{ticket.account_id}/edit/",
        "settings/agents/",
    ):
        page = visitor.open(f"/desk/{portal.pk}/{path}")
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0], path
        assert_accessible(page)
        page.close()
