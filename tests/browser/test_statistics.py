"""Statistics as somebody reads them: the period and the time are chosen, a number is followed to its tickets, plots have their tables."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from kakehashi.core import clock
from kakehashi.desk.conversations.actions import send_reply
from kakehashi.desk.portals.actions import create_department
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.ratings.actions import rate_ticket
from kakehashi.desk.tickets.actions import close_ticket
from kakehashi.desk.tickets.models import Ticket
from tests.makers.desk import MAKER, make_account, make_contact, make_portal, make_seat, make_ticket

from .conftest import PHONE, Meet, assert_accessible

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def portal(transactional_db: None) -> Portal:
    return make_portal()


@pytest.fixture
def tickets(portal: Portal) -> list[Ticket]:
    """One of today, closed and rated, and one of last winter, abroad."""
    now, contact = clock.now(), make_contact(portal, account=make_account(portal))
    abroad = create_department(portal, name="Abroad", actor=MAKER)
    old = make_ticket(portal, contact=contact, department=abroad, at=now - timedelta(days=200))
    new = make_ticket(portal, contact=contact, at=now - timedelta(hours=3))
    send_reply(new, html="<p>Yes</p>", to=["a@b.example"], actor=MAKER, at=now - timedelta(hours=1))
    close_ticket(new, actor=MAKER)
    rate_ticket(new, rating="good", actor=MAKER)
    return [old, new]


@pytest.mark.spec("N1", "N2")
def test_a_period_is_chosen_and_a_number_followed_to_its_tickets(
    meet: Meet, portal: Portal, tickets: list[Ticket]
) -> None:
    page = meet(make_seat(portal).person).open(f"/desk/{portal.pk}/contacts/{tickets[0].contact_id}/")
    tiles = page.locator("#statistics .k-tile strong")
    expect(tiles.first).to_have_text("2")
    page.locator("#statistics").get_by_role("button", name="Last 12 months").click()
    page.get_by_role("link", name="Last 30 days").click()
    expect(tiles.first).to_have_text("1")
    page.locator("#statistics").get_by_role("link", name="Working time").click()
    expect(page.locator("#statistics p small")).to_contain_text("working time")
    page.get_by_role("link", name="View statistics").click()
    expect(page.locator("h1")).to_have_text("Ticket statistics")
    page.get_by_text("As a table").first.click()
    page.locator(".k-chart-table a").first.click()
    expect(page.locator(".k-row")).to_have_count(1)
    expect(page.locator(".k-row")).to_contain_text(f"#{tickets[0].number}")


@pytest.mark.spec("N2")
@pytest.mark.parametrize(("size", "theme"), [((1440, 900), "light"), (PHONE, "dark")])
def test_the_statistics_of_departments_are_accessible_and_fit(
    meet: Meet, portal: Portal, tickets: list[Ticket], size: tuple[int, int], theme: str
) -> None:
    page = meet(make_seat(portal).person, size=size, color_scheme=theme).open(f"/desk/{portal.pk}/statistics/")
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    assert_accessible(page)
    page.locator("nav.k-filters").get_by_role("link", name="Abroad").click()
    expect(page.locator(".k-tile strong").first).to_have_text("1")
