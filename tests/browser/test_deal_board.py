"""The board of deals by mouse and by keyboard."""

import pytest
from playwright.sync_api import expect

from kakehashi.crm.orgs.access import CrmAccess
from tests.browser.conftest import DESKTOP, PHONE, Meet, assert_accessible
from tests.makers.crm import make_administrator, make_org, make_record

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def access() -> CrmAccess:
    return make_administrator(make_org(), family_name="高瀬", given_name="悠")


def test_a_deal_is_moved_by_mouse_by_key_and_by_menu_and_comes_back(meet: Meet, access: CrmAccess) -> None:
    deal = make_record(access.org, "Deals", Deal_Name="ロガー増設", Amount=4_860_000)
    page = meet(access.person).open(f"/crm/{access.org.pk}/Deals/?layout=board")
    assert_accessible(page)
    card = page.locator(f"#deal-{deal.pk}")
    column = {name: page.locator(f'[data-board-column="{name}"]') for name in ("Qualification", "Needs Analysis")}
    card.drag_to(column["Needs Analysis"])
    expect(column["Needs Analysis"].locator("[data-board-card]")).to_have_count(1)
    expect(page.locator("#k-toasts")).to_contain_text("「ロガー増設」を")
    page.get_by_role("button", name="元に戻す").click()
    expect(column["Qualification"].locator("[data-board-card]")).to_have_count(1)
    page.get_by_role("link", name="ロガー増設").focus()
    page.keyboard.press("Alt+ArrowRight")
    expect(column["Needs Analysis"]).to_contain_text("¥4,860,000")
    expect(page.get_by_role("link", name="ロガー増設")).to_be_focused()
    page.get_by_role("button", name="ロガー増設を移動").click()
    page.locator('[data-board-to="Qualification"]').click()
    expect(column["Qualification"].locator("[data-board-card]")).to_have_count(1)


def test_the_board_fits_a_phone(meet: Meet, access: CrmAccess) -> None:
    make_record(access.org, "Deals", Deal_Name="ロガー増設", Amount=4_860_000)
    page = meet(access.person, size=PHONE).open(f"/crm/{access.org.pk}/Deals/?layout=board")
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_the_head_of_a_deal_has_its_name_on_one_line_and_its_stages_below(
    meet: Meet, access: CrmAccess, size: tuple[int, int]
) -> None:
    account = make_record(access.org, "Accounts", Account_Name="月見坂食品株式会社")
    deal = make_record(access.org, "Deals", Deal_Name="第2工場 ロガー増設", Account_Name=account.pk, Amount=4_860_000)
    page = meet(access.person, size=size).open(f"/crm/{access.org.pk}/Deals/{deal.pk}/")
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    name, stages = (page.locator(f"#record-head {part}").bounding_box() for part in ("h1", ".k-stage-bar"))
    assert name
    assert stages
    assert name["height"] < 48
    assert stages["y"] > name["y"] + name["height"]
    assert stages["x"] <= name["x"]
