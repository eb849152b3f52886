"""A sales person links a ticket to a deal, support asks the account's owner, and the owner answers from the CRM: in both languages, at a
desk and on a phone.
"""

import re
from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from kakehashi.bridge.deal_links.models import DealLink
from kakehashi.bridge.questions.models import Question
from kakehashi.crm.records.models import Record
from kakehashi.desk.conversations.models import Comment
from tests.bridge.deal_links.conftest import World, make_world
from tests.makers.crm import make_member

from .conftest import DESKTOP, PHONE, Meet, assert_accessible

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(drain: Callable[[], int]) -> World:
    return make_world(drain)


def settled(page: Page) -> None:
    expect(page.locator(":is(.htmx-added, .htmx-settling, .htmx-request)")).to_have_count(0)


def choose_first_deal(page: Page) -> None:
    """With the keyboard, as it comes: the customer's own deal stands first."""
    page.locator("#deal-linking .ts-control input").click()
    expect(page.locator("#deal-linking .ts-dropdown .option").first).to_contain_text("温度監視の更新")
    page.keyboard.press("Enter")
    expect(page.locator("#deal-linking .ts-control")).to_contain_text("温度監視の更新")


@pytest.mark.spec("D1", "D2", "D3")
def test_two_tickets_are_linked_from_the_list_and_taken_back(meet: Meet, world: World) -> None:
    world.ticket()
    world.ticket()
    page = meet(world.joined.administrator.person).open(f"/crm/{world.joined.org.pk}/Contacts/{world.contact.pk}/")
    for box in page.locator("#desk-tickets .k-row-check input").all():
        box.check()
    page.locator("#desk-tickets").get_by_role("button", name="Link to deal").click()
    choose_first_deal(page)
    assert_accessible(page, "#deal-linking")
    page.get_by_role("button", name="Link", exact=True).click()
    expect(page.locator("#k-toasts")).to_contain_text("2 tickets linked to “温度監視の更新”")
    assert DealLink.objects.count() == 2
    page.locator("#k-toasts").get_by_role("button", name="Undo").click()
    expect(page.locator("#k-toasts")).not_to_contain_text("linked to")
    settled(page)
    assert not DealLink.objects.exists()


@pytest.mark.spec("D1", "D3")
def test_the_suggested_deal_is_taken_in_the_sheet_on_a_phone_in_japanese(meet: Meet, world: World) -> None:
    person = world.joined.administrator.person
    person.language = "ja"
    person.save()
    ticket = world.ticket()
    page = meet(person, size=PHONE).open(world.url("record_ticket", ticket.pk))
    page.get_by_role("button", name="項目", exact=True).click()
    deals = page.locator("#ticket-deals")
    expect(deals).to_contain_text("この顧客には進行中の商談が1件あります。")
    assert_accessible(page, "#ticket-deals")
    deals.get_by_role("button", name="この商談へリンク").click()
    expect(deals.get_by_role("link", name="温度監視の更新")).to_be_visible()
    expect(deals).to_contain_text("¥4,860,000")
    expect(deals.get_by_role("button", name="商談へのリンクの解除")).to_be_visible()


@pytest.mark.parametrize(("language", "size"), [("ja", DESKTOP), ("en", PHONE)])
def test_support_asks_and_the_owner_answers(meet: Meet, world: World, language: str, size: tuple[int, int]) -> None:
    words = {
        "ja": ("取引先の担当者に質問", "質問", "質問する", "回答", "回答を送信", "回答済み"),
        "en": ("Ask the account owner", "Question", "Ask", "Your answer", "Send the answer", "Answered"),
    }[language]
    asker = world.joined.administrator.person
    owner = make_member(world.joined.org, family_name="佐藤", given_name="健", language=language).person
    Record.objects.filter(pk=world.account.pk).update(owner=owner)
    asker.language = language
    asker.save()
    ticket = world.ticket()
    page = meet(asker, size=size).open(reverse("desk_ticket", args=[world.joined.portal.pk, ticket.pk]))
    if size == PHONE:
        page.get_by_role("button", name="Fields", exact=True).click()
    page.get_by_role("button", name=words[0]).click()
    dialog = page.locator("#question-asking")
    dialog.get_by_label(words[1], exact=True).fill("更新は予定通りですか")
    assert_accessible(page, "#question-asking")
    dialog.get_by_role("button", name=words[2], exact=True).click()
    expect(page.locator("#ticket-properties")).to_contain_text("更新は予定通りですか")
    question = Question.objects.get()

    page.goto(page.url.partition("/tickets/")[0] + "/questions/")
    expect(page.locator(".bridge-question")).to_contain_text("更新は予定通りですか")
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]

    page = meet(owner, size=size).open(reverse("crm_questions", args=[world.joined.org.pk]))
    page.locator(f"#question-{question.pk} summary").click()
    page.get_by_label(words[3], exact=True).fill("はい、1月に更新します")
    assert_accessible(page)
    page.get_by_role("button", name=words[4]).click()
    expect(page.locator(".bridge-answer")).to_contain_text("はい、1月に更新します")
    expect(page.locator(".bridge-question")).to_contain_text(words[5])
    assert re.search("はい、1月に更新します", Comment.objects.filter(ticket=ticket).latest("pk").html)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
