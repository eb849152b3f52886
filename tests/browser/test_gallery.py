"""Every part in every state: accessible in both themes and sizes, and usable by keyboard alone."""

import pytest
from playwright.sync_api import Page, expect

from kakehashi.identity.people.models import Person
from tests.browser.conftest import DESKTOP, PHONE, Meet, assert_accessible


@pytest.fixture
def gallery(meet: Meet, takase: Person) -> Page:
    return meet(takase).open("/ui/gallery?lang=en")


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_gallery_is_accessible(
    meet: Meet, takase: Person, language: str, theme: str, size: tuple[int, int]
) -> None:
    page = meet(takase, size=size).open(f"/ui/gallery?lang={language}&theme={theme}")
    page.wait_for_selector(".ts-wrapper")
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0], "the page scrolls sideways"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_sheet_is_accessible(meet: Meet, takase: Person, theme: str) -> None:
    page = meet(takase).open(f"/ui/gallery/sheet?lang=ja&theme={theme}")
    expect(page.locator("#k-sheet")).to_be_visible()
    assert_accessible(page, "#k-sheet")


def test_the_system_theme_follows_the_system(meet: Meet, takase: Person) -> None:
    grounds = {}
    for scheme in ("light", "dark"):
        page = meet(takase, color_scheme=scheme).open("/ui/gallery?theme=system")
        grounds[scheme] = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert grounds == {"light": "rgb(245, 247, 248)", "dark": "rgb(16, 22, 27)"}


def test_a_menu_works_by_keyboard(gallery: Page) -> None:
    opener = gallery.locator("#overlays").get_by_role("button", name="More")
    opener.focus()
    gallery.keyboard.press("ArrowDown")
    expect(opener).to_have_attribute("aria-expanded", "true")
    expect(gallery.locator("#overlays").get_by_role("link", name="Edit")).to_be_focused()
    gallery.keyboard.press("ArrowDown")
    expect(gallery.locator("#overlays").get_by_role("link", name="Change assignee")).to_be_focused()
    gallery.keyboard.press("End")
    expect(gallery.locator("#overlays .k-menu .is-danger")).to_be_focused()
    gallery.keyboard.press("Escape")
    expect(opener).to_be_focused()
    expect(opener).to_have_attribute("aria-expanded", "false")


def test_a_dialog_takes_the_focus_and_gives_it_back(gallery: Page) -> None:
    opener = gallery.locator("#overlays").get_by_role("button", name="Change assignee")
    opener.focus()
    gallery.keyboard.press("Enter")
    expect(gallery.get_by_role("dialog", name="Change assignee")).to_be_visible()
    expect(gallery.locator("#gallery-assignee")).to_be_focused()
    gallery.keyboard.press("Escape")
    expect(gallery.locator("#gallery-dialog")).to_be_hidden()
    expect(opener).to_be_focused()


def test_a_dangerous_button_waits_for_the_name(gallery: Page) -> None:
    gallery.locator("#overlays").get_by_role("button", name="Disable", exact=True).click()
    dialog = gallery.locator("#gallery-confirm")
    button = dialog.get_by_role("button", name="Disable")
    expect(button).to_be_disabled()
    dialog.get_by_role("textbox").fill("minamo")
    expect(button).to_be_disabled()
    dialog.get_by_role("textbox").fill("minamo-support")
    expect(button).to_be_enabled()


def test_the_sheet_has_its_own_address_and_gives_the_focus_back(gallery: Page) -> None:
    opener = gallery.locator(".k-row a[data-sheet]")
    opener.focus()
    gallery.keyboard.press("Enter")
    sheet = gallery.locator("#k-sheet")
    expect(sheet.locator("#sheet-title")).to_be_visible()
    assert gallery.evaluate("location.pathname") == "/ui/gallery/sheet"
    assert gallery.evaluate("document.activeElement.closest('#k-sheet') !== null")
    gallery.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    gallery.wait_for_url("**/ui/gallery?lang=en")
    expect(opener).to_be_focused()


def test_back_closes_the_sheet_and_forward_opens_it_again(gallery: Page) -> None:
    gallery.locator(".k-row a[data-sheet]").click()
    expect(gallery.locator("#sheet-title")).to_be_visible()
    gallery.go_back()
    expect(gallery.locator("#k-sheet")).to_be_hidden()
    gallery.go_forward()
    expect(gallery.locator("#sheet-title")).to_be_visible()


def test_the_sheets_address_opens_page_and_sheet(meet: Meet, takase: Person) -> None:
    page = meet(takase).open("/ui/gallery/sheet?lang=en")
    expect(page.locator("#sheet-title")).to_be_visible()
    page.locator("#k-sheet [data-close]").first.click()
    expect(page.locator("#k-sheet")).to_be_hidden()
    assert page.evaluate("location.pathname") == "/ui/gallery"
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_selecting_rows_shows_what_can_be_done_with_them(gallery: Page) -> None:
    gallery.get_by_label("Select #318").check()
    gallery.get_by_label("Select #305").check()
    expect(gallery.get_by_text("2 selected")).to_be_visible()
    gallery.keyboard.press("Escape")
    expect(gallery.get_by_text("2 selected")).to_be_hidden()
    expect(gallery.get_by_label("Select #318")).not_to_be_checked()


def test_shortcuts_search_help_and_can_be_switched_off(gallery: Page) -> None:
    gallery.keyboard.press("Control+k")
    expect(gallery.locator("[data-search-box]")).to_be_focused()
    gallery.keyboard.press("?")
    expect(gallery.locator("#k-shortcuts")).to_be_hidden()
    gallery.locator("[data-search-box]").blur()
    gallery.keyboard.press("?")
    expect(gallery.locator("#k-shortcuts")).to_be_visible()
    gallery.get_by_role("switch", name="Use single-key shortcuts").uncheck()
    gallery.keyboard.press("Escape")
    gallery.keyboard.press("?")
    expect(gallery.locator("#k-shortcuts")).to_be_hidden()


def test_modules_that_do_not_fit_move_into_a_menu(meet: Meet, takase: Person) -> None:
    page = meet(takase, size=(1000, 800)).open("/ui/gallery?lang=en")
    expect(page.get_by_role("navigation", name="Modules", exact=True).get_by_role("link", name="Leads")).to_be_visible()
    page.get_by_role("button", name="More modules").click()
    expect(page.locator("[data-overflow-target]").get_by_role("link", name="Desk")).to_be_visible()


def test_on_a_phone_the_modules_are_in_a_drawer(meet: Meet, takase: Person) -> None:
    page = meet(takase, size=PHONE).open("/ui/gallery?lang=en")
    page.get_by_role("button", name="Menu", exact=True).click()
    expect(page.get_by_role("dialog").get_by_role("link", name="Accounts")).to_be_visible()
    assert_accessible(page, "#k-drawer")
