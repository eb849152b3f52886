"""What customers do by links, on a phone, without signing in; and the pages on which a portal sets it up."""

import pytest
from django.core.cache import cache
from playwright.sync_api import expect

from kakehashi.desk.conversations.actions import receive_message
from kakehashi.desk.customer_pages.actions import set_customer_settings
from kakehashi.desk.customer_pages.links import Scope, make_token
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.tickets.models import Ticket
from tests.makers.desk import MAKER, make_administrator, make_contact, make_portal, make_ticket

from .conftest import PHONE, Meet, assert_accessible

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def portal(transactional_db: None) -> Portal:
    cache.clear()
    return make_portal()


@pytest.fixture
def ticket(portal: Portal) -> Ticket:
    department = portal.departments.all()[0]
    set_customer_settings(department, shows_page=True, ratings="replies", rating_delay_minutes=0, actor=MAKER)
    ticket = make_ticket(portal, contact=make_contact(portal, email="misaki@tsukimizaka.example"))
    receive_message(ticket, sender="misaki@tsukimizaka.example", html="<p>15分ごとに切断されます</p>", actor=MAKER)
    return ticket


def test_a_customer_answers_closes_and_rates_on_a_phone(meet: Meet, ticket: Ticket) -> None:
    page = meet(size=PHONE).open(f"/t/{make_token(ticket, Scope.TICKET)}/")
    expect(page.get_by_role("heading", level=1)).to_have_text(ticket.subject)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    assert_accessible(page)
    page.get_by_label("返信内容").fill("まだ切断されます")
    page.get_by_role("button", name="返信を送信").click()
    expect(page.locator(".k-conversation")).to_contain_text("まだ切断されます")
    page.wait_for_load_state("load")  # the dialog is opened by a script
    page.get_by_role("button", name="お問い合わせを完了にする").click()
    page.get_by_role("dialog").get_by_role("button", name="お問い合わせを完了にする").click()
    page.get_by_role("link", name="対応を評価する").click()
    page.get_by_role("button", name="良い").click()
    page.get_by_label("ご意見・ご感想（任意）").fill("早い対応でした")
    page.get_by_role("button", name="ご意見を送信").click()
    expect(page.get_by_label("ご意見・ご感想（任意）")).to_have_value("早い対応でした")
    assert_accessible(page)
    ticket.refresh_from_db()
    assert (ticket.rating, ticket.rating_comment, ticket.closed_at is not None) == ("good", "早い対応でした", True)


def test_an_administrator_opens_a_web_form_and_a_stranger_fills_it_in(meet: Meet, portal: Portal) -> None:
    department = portal.departments.all()[0]
    page = meet(make_administrator(portal).person).open(f"/desk/{portal.pk}/settings/web-forms/{department.pk}/")
    page.get_by_label("The form is open").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Preview")).to_be_visible()
    assert_accessible(page)
    path = page.get_by_label("Address of the page").input_value().partition("/form/")[2]
    guest = meet(size=PHONE).open(f"/form/{path}")
    assert_accessible(guest)
    assert guest.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    guest.get_by_label("名前").fill("相沢 美咲")
    guest.get_by_label("メールアドレス").fill("misaki@tsukimizaka.example")
    guest.get_by_label("件名").fill("ロガーが切断される")
    guest.get_by_label("お問い合わせ内容").fill("15分ごとに切断されます。")
    guest.wait_for_timeout(2_100)  # nobody is quicker than the trap for machines allows
    guest.get_by_role("button", name="送信").click()
    expect(guest.get_by_role("status").first).to_contain_text("お問い合わせを受け付けました")
    assert Ticket.objects.get().subject == "ロガーが切断される"


def test_an_administrator_makes_a_rule_of_escalation(meet: Meet, portal: Portal) -> None:
    page = meet(make_administrator(portal).person).open(f"/desk/{portal.pk}/settings/escalations/")
    page.get_by_role("link", name="New rule").first.click()
    page.get_by_label("before the deadline").check()
    page.get_by_label("The assignee").check()
    assert_accessible(page)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("table")).to_contain_text("Mail to the assignee")
    assert_accessible(page)
    page.get_by_role("button", name="More").click()
    page.get_by_role("button", name="Remove").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(page.get_by_text("No rules yet")).to_be_visible()
