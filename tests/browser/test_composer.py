"""The composer by hand and by keyboard: recipients, templates, colleagues, tickets, files, and what is kept apart."""

import pytest
from playwright.sync_api import Page, Route, expect

from kakehashi.desk.conversations.actions import receive_message
from kakehashi.desk.conversations.models import Comment, Draft, Message
from kakehashi.desk.portals.access import DeskAccess
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.reply_templates.actions import create_template
from kakehashi.desk.tickets.models import Ticket
from tests.makers.desk import MAKER, SUPPORT, make_contact, make_portal, make_seat, make_ticket

from .conftest import PHONE, Meet, assert_accessible, hold, lose_answer

pytestmark = pytest.mark.django_db(transaction=True)
FILE = {"name": "log.csv", "mimeType": "text/csv", "buffer": b"1,2,3"}


@pytest.fixture
def portal(transactional_db: None) -> Portal:
    portal = make_portal()
    text = "<p>Dear {{contact.name}}</p>"
    create_template(portal, {"name": "Greeting", "html": text, "language": "en", "department": None}, actor=MAKER)
    return portal


@pytest.fixture
def agent(portal: Portal) -> DeskAccess:
    return make_seat(portal)


@pytest.fixture
def ticket(portal: Portal) -> Ticket:
    contact = make_contact(portal, email="misaki@tsukimizaka.example")
    ticket = make_ticket(portal, contact=contact)
    receive_message(
        ticket,
        sender="相沢 美咲 <misaki@tsukimizaka.example>",
        to=[SUPPORT],
        cc=["QA <qa@tsukimizaka.example>"],
        html="<p>まだです</p>",
        actor=MAKER,
    )
    return ticket


def opened(meet: Meet, agent: DeskAccess, ticket: Ticket, **options: object) -> Page:
    page = meet(agent.person, **options).open(f"/desk/{ticket.portal_id}/tickets/{ticket.pk}/")
    expect(page.locator("trix-editor")).to_have_attribute("contenteditable", "")
    return page


def typed_too_early(meet: Meet, agent: DeskAccess, ticket: Ticket) -> tuple[Page, list[Route]]:
    """A reply is begun, and changed for a comment, while the editor's script is still on its way."""
    visitor = meet(agent.person)
    held = hold(visitor.context, "**/vendor/trix*")
    page = visitor.open(f"/desk/{ticket.portal_id}/tickets/{ticket.pk}/")
    editor = page.locator("trix-editor")
    expect(editor).to_have_attribute("contenteditable", "")
    editor.click()
    page.keyboard.type("For the customer & all")
    page.locator("[data-mode=comment]").click()
    return page, held


def settled(page: Page) -> None:
    """The draft of what was just typed is on its way a second later: nobody closes the page in between."""
    page.locator("trix-editor").click()
    page.keyboard.type("x")
    expect(page.locator(".k-composer-saved")).to_have_text("Draft saved")


def chips(page: Page, kind: str) -> list[str]:
    return page.locator(f"[data-recipients={kind}] .k-chip .k-cut").all_inner_texts()


@pytest.mark.spec("T3")
def test_recipients_are_changed_by_keyboard_and_what_changed_is_said(
    meet: Meet, agent: DeskAccess, ticket: Ticket
) -> None:
    page = opened(meet, agent, ticket)
    warnings = page.locator("[data-warnings]")
    expect(warnings).to_have_text("In the last mail, but not in this one: QA")
    page.locator("[data-mode=reply_all]").click()
    assert chips(page, "cc") == ["QA <qa@tsukimizaka.example>"]
    expect(warnings).to_be_empty()
    to = page.get_by_label("Add an address to To")
    to.fill("boss@elsewhere.example")
    to.press("Enter")
    expect(warnings).to_contain_text("This ticket has never written to elsewhere.example.")
    to.press("Backspace")
    page.keyboard.press("Backspace")
    expect(warnings).to_be_empty()
    to.press("ArrowLeft")
    page.keyboard.press("Delete")
    expect(warnings).to_have_text("In the last mail, but not in this one: 相沢 美咲")
    expect(to).to_be_focused()
    to.type("相沢")
    page.get_by_role("option", name="相沢 美咲").click()
    assert chips(page, "to") == ["相沢 美咲 <misaki@tsukimizaka.example>"]
    page.locator("[data-mode=comment]").click()
    page.locator("[data-mode=reply_all]").click()
    assert chips(page, "to") == ["相沢 美咲 <misaki@tsukimizaka.example>"]
    settled(page)


@pytest.mark.spec("T3")
def test_a_template_is_chosen_by_keyboard_and_a_colleague_and_a_ticket_are_named(
    meet: Meet, agent: DeskAccess, portal: Portal, ticket: Ticket
) -> None:
    called, other = (
        make_seat(portal, family_name="Kirigaya", given_name="Aoi"),
        make_ticket(portal, contact=ticket.contact),
    )
    page = opened(meet, agent, ticket)
    page.locator("trix-editor").click()
    page.keyboard.type("/gre")
    expect(page.get_by_role("option", name="Greeting")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page.locator("trix-editor")).to_contain_text("Dear 相沢 美咲")
    expect(page.locator("trix-editor")).not_to_contain_text("/gre")
    page.locator("[data-mode=comment]").click()
    page.keyboard.type("@Ao")
    expect(page.locator("#k-offer button")).to_have_text([f"{called.person.name}Agent"])
    page.keyboard.press("Tab")
    page.keyboard.type("see #")
    page.get_by_role("option", name=f"#{other.number}").click()
    page.keyboard.press("Control+Enter")
    comment = page.locator(".k-message.is-internal")
    expect(comment.locator(".k-mention")).to_have_text(f"@{called.person.name}")
    expect(comment.get_by_role("link", name=f"#{other.number}")).to_be_visible()
    assert Comment.objects.get().mentions.get().person == called.person


@pytest.mark.spec("T3", "T6")
def test_a_file_is_sent_ahead_kept_in_the_draft_and_stays_with_what_it_was_meant_for(
    meet: Meet, agent: DeskAccess, ticket: Ticket
) -> None:
    page = opened(meet, agent, ticket)
    page.locator("[data-mode=comment]").click()
    page.locator("input[type=file][name=files]").set_input_files(FILE)  # type: ignore[arg-type]  # a dictionary will do
    expect(page.locator("[data-kept] .k-chip")).to_contain_text("log.csv")
    expect(page.locator("[data-kept] input[name=uploads]")).to_be_attached()
    page.locator("trix-editor").click()
    page.keyboard.type("Internal")
    expect(page.locator(".k-composer-saved")).to_have_text("Draft saved")
    assert Draft.objects.get().attachments.count() == 1
    page.reload()
    expect(page.locator("[data-kept] .k-chip:visible")).to_contain_text("log.csv")
    page.locator("[data-mode=reply]").click()
    expect(page.locator("[data-kept] .k-chip:visible")).to_have_count(0)
    page.keyboard.type("Hello")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#conversation")).to_contain_text("Hello")
    assert not Message.objects.get(direction="out").attachments.exists()


@pytest.mark.spec("T3")
def test_a_comment_that_is_sent_again_since_no_answer_came_stands_once(
    meet: Meet, agent: DeskAccess, ticket: Ticket
) -> None:
    visitor = meet(agent.person)
    page = visitor.open(f"/desk/{ticket.portal_id}/tickets/{ticket.pk}/")
    expect(page.locator("trix-editor")).to_have_attribute("contenteditable", "")
    page.locator("[data-mode=comment]").click()
    page.keyboard.type("Among us", delay=60)
    lose_answer(page, "/comments/")
    page.keyboard.press("Control+Enter")
    page.locator("#composer .k-net-error").get_by_role("button", name="Try again").click()
    expect(page.locator(".k-message.is-internal")).to_contain_text("Among us")
    assert Comment.objects.count() == 1
    visitor.complaints.clear()  # the browser writes down that no answer came


@pytest.mark.spec("T3")
def test_what_is_typed_and_sent_before_the_editor_has_come_goes_where_it_belongs(
    meet: Meet, agent: DeskAccess, ticket: Ticket
) -> None:
    page, held = typed_too_early(meet, agent, ticket)
    editor = page.locator("trix-editor")
    page.keyboard.type("Among us")
    page.keyboard.press("Control+Enter")
    comment = page.locator(".k-message.is-internal")
    expect(comment).to_contain_text("Among us")
    expect(comment).not_to_contain_text("customer & all")
    for route in held:
        route.continue_()
    expect(page.locator("trix-editor[connected]")).to_be_visible()
    expect(editor).not_to_contain_text("Among us")


@pytest.mark.spec("T3")
def test_what_was_typed_before_the_editor_had_come_waits_in_its_own_mode(
    meet: Meet, agent: DeskAccess, ticket: Ticket
) -> None:
    page, held = typed_too_early(meet, agent, ticket)
    editor = page.locator("trix-editor")
    expect(editor).to_have_text("")
    for route in held:
        route.continue_()
    expect(page.locator("trix-editor[connected]")).to_be_visible()
    page.locator("[data-mode=reply]").click()
    expect(editor).to_contain_text("For the customer & all")


@pytest.mark.spec("T3")
def test_a_program_is_refused_beside_its_name(meet: Meet, agent: DeskAccess, ticket: Ticket) -> None:
    visitor = meet(agent.person)
    page = visitor.open(f"/desk/{ticket.portal_id}/tickets/{ticket.pk}/")
    page.locator("input[type=file][name=files]").set_input_files({**FILE, "name": "run.exe"})  # type: ignore[arg-type]
    chip = page.locator("[data-kept] .k-chip")
    expect(chip).to_contain_text("Programs cannot be attached")
    chip.get_by_role("button").click()
    expect(chip).to_have_count(0)
    visitor.complaints.clear()  # the browser writes every refusal down


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_composer_is_accessible_on_a_phone_too(meet: Meet, agent: DeskAccess, ticket: Ticket, theme: str) -> None:
    page = opened(meet, agent, ticket, size=PHONE, color_scheme=theme)
    page.locator("trix-editor").click()
    page.get_by_role("button", name="Insert a template").click()
    expect(page.get_by_role("option", name="Greeting")).to_be_visible()
    assert_accessible(page, "main")
    expect(page.locator(".k-composer-saved")).to_have_text("Draft saved")
