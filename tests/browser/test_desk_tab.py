"""The Desk as a tab of the CRM, at a desk and on a phone, until an administrator removes it."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from kakehashi.desk.conversations.models import Comment
from tests.makers.bridge import make_joined
from tests.makers.desk import make_contact, make_ticket

from .conftest import PHONE, Meet, assert_accessible

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.spec("B1", "B3")
def test_the_desk_is_worked_in_within_the_crm_and_its_tab_is_removed(meet: Meet, drain: Callable[[], int]) -> None:
    joined = make_joined()
    ticket = make_ticket(joined.portal, contact=make_contact(joined.portal))
    page = meet(joined.administrator.person).open(f"/crm/{joined.org.pk}/Contacts/")
    modules = page.get_by_role("navigation", name="Modules", exact=True)
    modules.get_by_role("link", name="Desk").click()
    expect(modules.get_by_role("link", name="Desk")).to_have_attribute("aria-current", "page")
    assert_accessible(page)
    page.get_by_role("link", name=ticket.subject).click()
    expect(page).to_have_url(re.compile(rf"/crm/desk/{joined.portal.pk}/tickets/{ticket.pk}/$"))
    expect(page.locator("trix-editor")).to_have_attribute("contenteditable", "")
    page.locator("[data-mode=comment]").click()
    expect(page.locator("[data-send-button]")).to_have_text("Add internal comment")
    page.locator("trix-editor").click()
    page.keyboard.type("From within the CRM")
    page.locator("[data-send-button]").click()
    expect(page.locator(".k-message.is-internal")).to_contain_text("From within the CRM")
    assert Comment.objects.filter(ticket=ticket).count() == 1
    page.goto(page.url.split("/crm/")[0] + f"/crm/{joined.org.pk}/settings/modules/")
    page.get_by_role("button", name="More for Desk").click()
    page.get_by_role("button", name="Remove", exact=True).click()
    expect(page.get_by_role("button", name="Put back")).to_be_visible()
    assert_accessible(page)
    page.reload()
    expect(modules.get_by_role("link", name="Desk")).to_have_count(0)
    page.get_by_role("button", name="Put back").click()
    expect(page.get_by_role("button", name="More for Desk")).to_be_visible()


@pytest.mark.spec("B1")
def test_on_a_phone_the_desks_own_navigation_stays_at_hand(meet: Meet, drain: Callable[[], int]) -> None:
    joined = make_joined(language="ja")
    page = meet(joined.administrator.person, size=PHONE).open(f"/crm/{joined.org.pk}/Contacts/")
    page.get_by_role("button", name="メニュー", exact=True).click()
    page.locator("#k-drawer").get_by_role("link", name="Desk").click()
    page.locator(".k-within").get_by_role("link", name="統計").click()
    expect(page).to_have_url(re.compile(rf"/crm/desk/{joined.portal.pk}/statistics/"))
    assert_accessible(page, ".k-within")
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
