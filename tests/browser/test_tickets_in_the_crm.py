"""Tickets inside the CRM as a person meets them: added, read, answered and changed, with colleagues around, on a bad line, and with a
Desk that does not answer.
"""

import base64

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from kakehashi.desk.conversations.actions import receive_message
from kakehashi.desk.conversations.models import Comment, Message
from kakehashi.desk.portals.models import Department
from kakehashi.desk.presence.models import Presence
from kakehashi.desk.ticket_fields.actions import FieldDraft, add_field
from kakehashi.desk.tickets.models import Ticket
from tests.bridge.ticket_panel.worlds import EMAIL, Panel, make_panel
from tests.makers.desk import MAKER
from tests.makers.sides import Faults

from .conftest import DESKTOP, PHONE, Meet, Visitor, assert_accessible, lose_answer, until

pytestmark = pytest.mark.django_db(transaction=True)
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
FILE = {"name": "log.csv", "mimeType": "text/csv", "buffer": b"1,2,3"}
WORDS = {
    "en": {
        "new": "New ticket", "subject": "Subject", "submit": "Submit", "more": "More", "comment": "Comment",
        "kept": "What you typed is kept: it is here when you open the form again.",
        "again": "What you typed before is here again.", "left": "Your draft is kept with the ticket.",
    },
    "ja": {
        "new": "新しい問い合わせ", "subject": "件名", "submit": "送信", "more": "詳細", "comment": "コメント",
        "kept": "入力内容は保管されています。フォームを開くと続きから入力できます。",
        "again": "前回の入力内容を復元しました。", "left": "下書きは問い合わせに保存されています。",
    },
}  # fmt: skip


@pytest.fixture
def panel(transactional_db: None) -> Panel:
    return make_panel()


def record_url(panel: Panel) -> str:
    return reverse("crm_record", args=[panel.joined.org.pk, "Contacts", panel.record.pk])


def enter(meet: Meet, panel: Panel, **options: object) -> tuple[Visitor, Page]:
    visitor = meet(panel.joined.administrator.person, **options)
    return visitor, visitor.open(record_url(panel))


def settled(page: Page) -> None:
    expect(page.locator(":is(.htmx-added, .htmx-settling, .htmx-request)")).to_have_count(0)


def open_ticket(page: Page) -> None:
    page.locator("#desk-tickets .k-row a[data-sheet]").first.click()
    expect(page.locator("#ticket-conversation")).to_be_visible()
    settled(page)


def say(page: Page, text: str) -> None:
    editor = page.locator("#ticket-composer trix-editor")
    expect(editor).to_have_attribute("contenteditable", "")
    editor.click()
    page.keyboard.type(text)


@pytest.mark.spec("T2")
def test_the_chosen_pill_stands_in_sight_on_a_phone(meet: Meet, panel: Panel) -> None:
    panel.ticket()
    page = meet(panel.joined.administrator.person, size=PHONE).open(f"{record_url(panel)}?tickets=high_priority")
    row = page.locator("#desk-tickets .k-filters")
    chosen = row.locator("[aria-current]")
    until(page, lambda: right_of(chosen) <= right_of(row))


def right_of(part: Locator) -> float:
    box = part.bounding_box()
    assert box
    return box["x"] + box["width"]


@pytest.mark.spec("T1")
@pytest.mark.parametrize(("language", "size"), [("en", DESKTOP), ("ja", PHONE)])
def test_a_ticket_is_added_and_what_was_typed_outlives_the_form_and_the_page(
    meet: Meet, transactional_db: None, language: str, size: tuple[int, int]
) -> None:
    panel, words = make_panel(language=language), WORDS[language]
    field = add_field(panel.joined.portal, kind="text", draft=FieldDraft("製造番号"), actor=MAKER)
    other = Department.objects.create(portal=panel.joined.portal, name="校正室", position=2)
    visitor, page = enter(meet, panel, size=size)
    page.get_by_role("link", name=words["new"]).first.click()
    form = page.locator("#new-ticket")
    form.get_by_label(words["subject"]).fill("冷蔵庫3号機")
    form.locator("trix-editor").click()
    page.keyboard.type("15 minutes")
    form.locator("input[type=file]").set_input_files(FILE)
    expect(form.locator("[data-kept] .k-chip")).to_contain_text("log.csv")
    form.locator("[name=department]").select_option(str(other.pk))
    settled(page)
    form.locator(f"[name={field.api_name}]").fill("SN-1")
    assert_accessible(page, "#k-sheet")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.keyboard.press("Escape")
    expect(page.locator(".k-toast")).to_contain_text(words["kept"])
    page.goto(visitor.base + record_url(panel) + "tickets/new")
    expect(page.locator("#new-ticket")).to_contain_text(words["again"])
    settled(page)
    expect(form.get_by_label(words["subject"])).to_have_value("冷蔵庫3号機")
    expect(form.locator(f"[name={field.api_name}]")).to_have_value("SN-1")
    page.get_by_role("button", name=words["submit"], exact=True).click()
    conversation = page.locator("#ticket-conversation")
    expect(conversation).to_contain_text("15 minutes")
    expect(conversation).to_contain_text("log.csv")
    ticket = Ticket.objects.get()
    assert (ticket.contact, ticket.department, ticket.custom) == (panel.contact, other, {field.api_name: "SN-1"})
    page.goto(visitor.base + record_url(panel) + "tickets/new")
    expect(form.get_by_label(words["subject"])).to_have_value("")


@pytest.mark.spec("T1")
def test_a_lost_connection_loses_nothing_and_trying_again_adds_one_ticket(meet: Meet, panel: Panel) -> None:
    visitor, page = enter(meet, panel)
    page.get_by_role("link", name="New ticket").first.click()
    page.get_by_label("Subject").fill("冷蔵庫3号機")
    settled(page)
    visitor.context.set_offline(True)
    page.get_by_role("button", name="Submit").click()
    error = page.locator("#new-ticket .k-net-error")
    expect(error).to_contain_text("No answer came. What you typed is still here.")
    expect(page.get_by_label("Subject")).to_have_value("冷蔵庫3号機")
    visitor.context.set_offline(False)
    error.get_by_role("button", name="Try again").click()
    expect(page.locator("#ticket-conversation")).to_be_visible()
    assert Ticket.objects.count() == 1
    visitor.complaints.clear()  # the browser writes down that it was offline


@pytest.mark.spec("T3")
@pytest.mark.parametrize(("mode", "part"), [("reply", "/replies"), ("comment", "/comments")])
def test_what_is_sent_again_since_no_answer_came_stands_once(meet: Meet, panel: Panel, mode: str, part: str) -> None:
    panel.ticket()
    visitor, page = enter(meet, panel)
    open_ticket(page)
    page.locator(f"#ticket-composer [data-mode={mode}]").click()
    say(page, "We check it")
    lose_answer(page, part)
    page.keyboard.press("Control+Enter")
    error = page.locator("#ticket-composer .k-net-error")
    expect(error).to_contain_text("What you typed is still here.")
    error.get_by_role("button", name="Try again").click()
    expect(page.locator("#ticket-conversation")).to_contain_text("We check it")
    expect(page.locator("#ticket-composer trix-editor")).to_be_empty()
    assert Message.objects.count() + Comment.objects.count() == 1
    visitor.complaints.clear()  # the browser writes down that no answer came


@pytest.mark.spec("T3")
def test_remote_images_are_asked_for_once_and_stand_there_from_then_on(meet: Meet, panel: Panel) -> None:
    ticket = panel.ticket()
    html = '<p>Look<img src="https://img.example.com/a.png" alt="chart" width="40" height="40"></p>'
    receive_message(ticket, sender=EMAIL, html=html, actor=MAKER)
    visitor, page = enter(meet, panel)
    visitor.context.route(
        "https://img.example.com/**", lambda route: route.fulfill(body=PIXEL, content_type="image/png")
    )
    open_ticket(page)
    conversation = page.locator("#ticket-conversation")
    expect(conversation).to_contain_text("[chart]")
    page.get_by_role("button", name="Show images").click()
    expect(conversation.locator("img[alt=chart]")).to_be_visible()
    expect(page.get_by_role("button", name="Show images")).to_have_count(0)
    page.locator("#ticket-newest").dispatch_event("live")
    settled(page)
    expect(conversation.locator("img[alt=chart]")).to_be_visible()
    assert conversation.locator("img[alt=chart]").evaluate("image => image.naturalWidth") == 1
    page.keyboard.press("Escape")
    expect(page.locator("#k-sheet")).not_to_be_visible()
    page.goto(visitor.base + record_url(panel))
    page.locator("#desk-tickets .k-row a[data-sheet]").first.click()
    expect(conversation.locator("img[alt=chart]")).to_be_visible()


@pytest.mark.spec("T3")
@pytest.mark.parametrize(("language", "size"), [("en", DESKTOP), ("ja", PHONE)])
def test_an_answer_that_comes_meanwhile_does_not_disturb_what_one_types(
    meet: Meet, transactional_db: None, language: str, size: tuple[int, int]
) -> None:
    panel, words = make_panel(language=language), WORDS[language]
    ticket = panel.ticket()
    for number in range(45):
        receive_message(ticket, sender=EMAIL, html=f"<p>word {number}</p>", actor=MAKER)
    _visitor, page = enter(meet, panel, size=size)
    open_ticket(page)
    conversation = page.locator("#ticket-conversation")
    expect(conversation.get_by_text("word 44")).to_be_in_viewport()
    conversation.locator(".k-earlier").click()
    expect(conversation.get_by_text("word 0", exact=True)).to_be_attached()
    say(page, "I am typing")
    receive_message(ticket, sender=EMAIL, html="<p>just now</p>", actor=MAKER)
    page.locator("#ticket-newest").dispatch_event("live")
    expect(conversation).to_contain_text("just now")
    expect(conversation.get_by_text("word 0", exact=True)).to_be_attached()
    expect(page.locator("#ticket-composer trix-editor")).to_contain_text("I am typing")
    assert_accessible(page, "#k-sheet")
    page.keyboard.press("Escape")
    expect(page.locator(".k-toast")).to_contain_text(words["left"])
    expect(page.locator("#desk-tickets .k-row a[data-sheet]").first).to_be_focused()
    page.go_forward()
    expect(page.locator("#ticket-composer trix-editor")).to_contain_text("I am typing")
    page.go_back()
    expect(page.locator("#k-sheet")).not_to_be_visible()


@pytest.mark.spec("T3")
def test_two_who_have_the_same_ticket_open_see_each_other_and_one_takes_over(meet: Meet, panel: Panel) -> None:
    panel.ticket()
    agent = panel.agent()
    _visitor, first = enter(meet, panel)
    open_ticket(first)
    say(first, "I answer")
    second = meet(agent).open(record_url(panel))
    open_ticket(second)
    there = second.locator("#ticket-presence")
    expect(there).to_contain_text("is writing an answer.")
    send = second.locator("#ticket-composer [data-send-button]")
    expect(send).to_be_disabled()
    assert_accessible(second, "#k-sheet")
    there.get_by_role("button", name="Take over").click()
    expect(send).to_be_enabled()
    first.locator("#ticket-presence").dispatch_event("live")
    expect(first.locator("#ticket-presence")).to_contain_text(f"{agent.name} is writing an answer.")
    second.keyboard.press("Escape")
    expect(second.locator("#k-sheet")).not_to_be_visible()
    until(second, lambda: not Presence.objects.filter(agent__person=agent).exists())
    first.locator("#ticket-presence").dispatch_event("live")
    expect(first.locator("#ticket-presence")).to_be_empty()


@pytest.mark.spec("T3", "T4")
def test_a_desk_that_does_not_answer_is_told_of_and_asked_again(meet: Meet, panel: Panel, faults: Faults) -> None:
    ticket = panel.ticket()
    visitor, page = enter(meet, panel)
    faults.add("read_ticket")
    page.locator("#desk-tickets .k-row a[data-sheet]").first.click()
    error = page.locator("#k-sheet .k-net-error")
    expect(error).to_contain_text("The Desk does not answer just now.")
    assert_accessible(page, "#k-sheet")
    faults.clear()
    error.get_by_role("button", name="Try again").click()
    expect(page.locator("#ticket-conversation")).to_be_visible()
    settled(page)
    faults.add("send_mail", "change_properties")
    say(page, "We check")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#ticket-composer .k-net-error")).to_contain_text("Nothing you typed is lost")
    expect(page.locator("#ticket-composer trix-editor")).to_contain_text("We check")
    page.get_by_label("Priority").select_option("High")
    beside = page.locator("#ticket-properties .k-net-error")
    expect(beside).to_be_visible()
    faults.clear()
    beside.get_by_role("button", name="Try again").click()
    expect(page.locator("#ticket-head")).to_contain_text("High")
    page.locator("#ticket-composer .k-net-error").get_by_role("button", name="Try again").click()
    expect(page.locator("#ticket-conversation")).to_contain_text("We check")
    assert (Message.objects.count(), Ticket.objects.get(pk=ticket.pk).priority) == (1, "High")
    visitor.complaints.clear()  # the browser writes down each 503


@pytest.mark.spec("T4", "T5")
def test_what_was_left_out_of_a_change_of_several_is_told_and_the_rest_is_taken_back(meet: Meet, panel: Panel) -> None:
    agent = panel.agent()
    seat = panel.joined.portal.agents.get(person=agent)
    boss = panel.joined.portal.agents.exclude(person=agent).get()
    mine, theirs = panel.ticket(values={"assigneeId": seat.pk}), panel.ticket(values={"assigneeId": boss.pk})
    page = meet(agent).open(record_url(panel))
    card = page.locator("#desk-tickets")
    for ticket in (mine, theirs):
        card.get_by_label(f"Select #{ticket.number}").check()
    card.get_by_role("button", name="Update field").click()
    settled(page)
    page.locator("#update-field").select_option("assigneeId")
    expect(page.locator("#update-value")).to_contain_text("Unassigned")
    page.locator("#update-value").select_option("")
    page.get_by_role("button", name="Update", exact=True).click()
    dialog = page.get_by_role("dialog", name="Some tickets were left out")
    expect(dialog).to_contain_text(f"#{theirs.number}")
    assert_accessible(page, "dialog[data-open]")
    dialog.get_by_role("button", name="Undo").click()
    expect(page.locator(".k-toast")).to_contain_text("1 ticket as before")
    expect(dialog).to_have_count(0)
    assert dict(Ticket.objects.values_list("pk", "assignee_id")) == {mine.pk: seat.pk, theirs.pk: boss.pk}


@pytest.mark.spec("P4")
def test_somebody_without_a_desk_account_comments_on_a_phone_in_japanese(meet: Meet, transactional_db: None) -> None:
    panel = make_panel(language="ja")
    panel.ticket(description_html="<p>まだです</p>")
    colleague = panel.colleague(language="ja")
    page = meet(colleague, size=PHONE).open(record_url(panel))
    expect(page.get_by_role("link", name="新しい問い合わせ")).to_have_count(0)
    open_ticket(page)
    expect(page.locator("#k-sheet [role=tab]")).to_have_text(["コメント"])
    assert_accessible(page, "#k-sheet")
    say(page, "商談中です")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#ticket-conversation .is-internal")).to_contain_text("商談中です")
    assert (Comment.objects.get().author, Comment.objects.get().is_public) == (colleague, False)
    page.get_by_role("button", name="項目", exact=True).click()
    expect(page.locator("#ticket-properties")).to_be_visible()
    expect(page.locator("#ticket-properties form")).to_have_count(0)


@pytest.mark.spec("T1", "T3")
def test_a_slow_desk_is_waited_for_and_pressing_twice_adds_one_ticket(meet: Meet, panel: Panel, faults: Faults) -> None:
    panel.ticket()
    _visitor, page = enter(meet, panel)
    faults.wait_seconds = 0.4
    page.locator("#desk-tickets .k-row a[data-sheet]").first.click()
    expect(page.locator("#k-sheet .k-skeleton").first).to_be_visible()
    expect(page.locator("#ticket-conversation")).to_be_visible(timeout=30_000)
    page.keyboard.press("Escape")
    page.get_by_role("link", name="New ticket").first.click()
    page.get_by_label("Subject").fill("冷蔵庫3号機")
    settled(page)
    page.get_by_role("button", name="Submit").dblclick()
    faults.clear()
    expect(page.locator("#ticket-conversation")).to_be_visible(timeout=30_000)
    assert Ticket.objects.count() == 2


@pytest.mark.spec("T3")
def test_a_ticket_is_opened_commented_and_left_by_keyboard_alone(meet: Meet, panel: Panel) -> None:
    panel.ticket()
    _visitor, page = enter(meet, panel)
    page.locator("#desk-tickets .k-row a[data-sheet]").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#ticket-conversation")).to_be_visible()
    settled(page)
    expect(page.locator("#ticket-composer trix-editor")).to_have_attribute("contenteditable", "")
    page.keyboard.press("c")
    expect(page.locator("#ticket-composer trix-editor")).to_be_focused()
    page.keyboard.type("Among us")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#ticket-conversation .is-internal")).to_contain_text("Among us")
    settled(page)
    page.keyboard.press("Escape")
    expect(page.locator("#desk-tickets .k-row a[data-sheet]").first).to_be_focused(timeout=15_000)
