"""Lists of tickets as an agent works through them: by keyboard, on the board, with views of one's own."""

import os

import pytest
from playwright.sync_api import Page, expect

from kakehashi.desk.portals.models import Portal
from kakehashi.desk.presence.actions import be_present
from kakehashi.desk.statuses.actions import add_status
from kakehashi.desk.tickets.models import Ticket
from tests.makers.desk import MAKER, make_account, make_administrator, make_contact, make_portal, make_seat, make_ticket

from .conftest import PHONE, Meet, assert_accessible

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def portal(transactional_db: None) -> Portal:
    portal = make_portal()
    contact = make_contact(portal, account=make_account(portal))
    for number, level in enumerate(("High", "Low", "")):
        make_ticket(portal, subject=f"Pump {number}", contact=contact, values={"priority": level})
    return portal


def _look(page: Page, name: str) -> None:
    """For the eye: KAKEHASHI_SHOTS names a folder."""
    if folder := os.environ.get("KAKEHASHI_SHOTS"):
        page.screenshot(path=f"{folder}/{name}.png")


def test_rows_are_walked_chosen_and_opened_by_keyboard(meet: Meet, portal: Portal) -> None:
    page = meet(make_seat(portal).person).open(f"/desk/{portal.pk}/tickets/?view=open")
    expect(page.locator("#view-count-open")).to_have_text("3")
    _look(page, "list")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator("[data-row].is-current")).to_contain_text("Pump 1")
    page.keyboard.press("x")
    expect(page.locator("[data-bulk-bar]")).to_be_visible()
    _look(page, "list-bulk")
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{page.url.split('/tickets/')[0]}/tickets/{Ticket.objects.get(subject='Pump 2').pk}/")
    page.locator("trix-editor[connected]").wait_for()
    page.keyboard.press("r")
    page.keyboard.type("jjx")
    expect(page.locator("trix-editor")).to_contain_text("jjx")


def test_several_are_closed_and_opened_again(meet: Meet, portal: Portal) -> None:
    page = meet(make_seat(portal).person).open(f"/desk/{portal.pk}/tickets/?view=open")
    page.locator("[data-bulk-all]").check()
    page.locator("[data-bulk-bar]").get_by_role("button", name="Close").click()
    expect(page.locator(".k-toast")).to_contain_text("3 tickets closed")
    expect(page.locator("[data-row]")).to_have_count(0)
    page.locator(".k-toast button").click()
    expect(page.locator("[data-row]")).to_have_count(3)


def test_a_card_goes_to_the_next_status_by_keyboard(meet: Meet, portal: Portal) -> None:
    add_status(portal, name="Waiting for parts", kind="On Hold", actor=MAKER)
    page = meet(make_seat(portal).person).open(f"/desk/{portal.pk}/tickets/?view=all&layout=board")
    _look(page, "board")
    assert_accessible(page)
    page.get_by_role("link", name="Pump 1").focus()
    page.keyboard.press("Alt+ArrowRight")
    expect(page.locator(".k-toast")).to_contain_text("On hold")
    expect(page.locator('[data-board-column="On Hold"]')).to_contain_text("Pump 1")
    assert Ticket.objects.get(subject="Pump 1").status.name == "On Hold"


def test_a_filter_becomes_a_view_of_ones_own(meet: Meet, portal: Portal) -> None:
    page = meet(make_seat(portal).person).open(f"/desk/{portal.pk}/tickets/?view=all&layout=compact")
    assert_accessible(page)
    _look(page, "compact")
    page.get_by_role("button", name="Filter").click()
    page.locator("[id^=field-]").select_option("subject")
    page.locator("input[name^=value-]").fill("Pump 2")
    _look(page, "filter")
    page.locator("#filter-dialog").get_by_role("button", name="Apply").click()
    expect(page.locator("[data-row]")).to_have_count(1)
    page.wait_for_load_state("networkidle")
    page.locator(".k-changed").get_by_role("button", name="Save as").click()
    page.locator("#view-dialog [name=name]").fill("Pumps")
    page.locator("#view-dialog").get_by_role("button", name="Save").click()
    expect(page.locator("#ticket-rail [aria-current]")).to_contain_text("Pumps")


@pytest.mark.parametrize(("language", "size", "theme"), [("ja", (1440, 900), "light"), ("ja", PHONE, "dark")])
def test_pages_of_tickets_are_fit_to_be_seen(
    meet: Meet, portal: Portal, language: str, size: tuple[int, int], theme: str
) -> None:
    person = make_administrator(portal, language=language).person
    ticket = Ticket.objects.get(subject="Pump 1")
    be_present(ticket, make_seat(portal).agent, is_typing=True)
    visitor = meet(person, size=size, color_scheme=theme)
    pages = {
        "list": "tickets/?view=open&layout=table",
        "compact": "tickets/?view=open&layout=compact",
        "board": "tickets/?view=open&layout=board",
        "ticket": f"tickets/{ticket.pk}/",
        "statuses": "settings/statuses/",
        "fields": "settings/ticket-fields/",
        "layout": f"settings/ticket-fields/layouts/{ticket.department_id}/",
    }
    for name, path in pages.items():
        page = visitor.open(f"/desk/{portal.pk}/{path}")
        page.wait_for_load_state("networkidle")
        _look(page, f"{name}-{language}-{size[0]}-{theme}")
        assert_accessible(page)
        page.close()
