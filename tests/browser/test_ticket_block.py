"""The ticket block on a record as a sales person uses it: filters of one's own, order, keyboard, statistics, what the Desk knows."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from kakehashi.core import clock
from kakehashi.crm.records.models import Record
from kakehashi.desk.customers.models import Contact
from tests.makers.bridge import Joined, make_joined
from tests.makers.crm import make_record
from tests.makers.desk import make_ticket

from .conftest import DESKTOP, PHONE, Meet, assert_accessible

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def joined(drain: Callable[[], int]) -> Joined:
    joined = make_joined()
    make_record(joined.org, Last_Name="相沢", First_Name="美咲", Email="misaki@tsukimizaka.example")
    drain()
    contact = Contact.objects.get(portal=joined.portal)
    for number in range(12):
        priority = "High" if number % 6 == 0 else "Low"
        at = clock.now() - timedelta(days=number)
        make_ticket(joined.portal, contact=contact, subject=f"Logger {number}", values={"priority": priority}, at=at)
    return joined


def record_url(joined: Joined) -> str:
    record = Record.objects.get(org=joined.org, module__api_name="Contacts")
    return reverse("crm_record", args=[joined.org.pk, "Contacts", record.pk])


def settled(page: Page) -> None:
    expect(page.locator(":is(.htmx-added, .htmx-settling, .htmx-request)")).to_have_count(0)


@pytest.mark.spec("R3", "T2")
@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_a_filter_is_built_kept_used_and_taken_away(meet: Meet, joined: Joined, size: tuple[int, int]) -> None:
    page = meet(joined.administrator.person, size=size).open(record_url(joined))
    block = page.locator("#desk-tickets")
    block.get_by_role("button", name="Filter", exact=True).click()
    dialog = page.locator("#filter-dialog")
    dialog.get_by_label("Field").select_option("priority")
    settled(page)
    dialog.locator(".ts-control").click()
    dialog.get_by_role("option", name="High", exact=True).click()
    assert_accessible(page, "#filter-dialog")
    dialog.get_by_role("button", name="Apply").click()
    expect(block.locator(".k-row")).to_have_count(2)
    expect(dialog).to_have_count(0)
    block.get_by_role("button", name="Save this filter").click()
    page.get_by_label("Name of the filter").fill("Urgent ones")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(block.get_by_role("link", name="Urgent ones")).to_have_attribute("aria-current", "true")
    assert_accessible(page, "#desk-tickets")
    block.get_by_role("link", name="Clear the filter").click()
    expect(block.locator(".k-row")).to_have_count(10)
    page.reload()
    block.get_by_role("link", name="Urgent ones").click()
    expect(block.locator(".k-row")).to_have_count(2)
    block.get_by_role("button", name="Delete this filter").click()
    expect(block.get_by_role("link", name="Urgent ones")).to_have_count(0)
    page.locator(".k-toast button").first.click()
    expect(block.get_by_role("link", name="Urgent ones")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.spec("T2")
def test_pages_and_order_and_the_keys_of_the_list(meet: Meet, joined: Joined) -> None:
    page = meet(joined.administrator.person).open(record_url(joined))
    block = page.locator("#desk-tickets")
    block.get_by_role("link", name="Next page").click()
    expect(block.locator(".k-row")).to_have_count(2)
    expect(block.locator(".k-card-foot")).to_contain_text("11–12 of 12")
    block.get_by_role("link", name="Previous page").click()
    expect(block.locator(".k-card-foot")).to_contain_text("1–10 of 12")
    block.get_by_role("button", name="Sort by").click()
    page.get_by_role("link", name="Oldest").click()
    expect(block.locator(".k-row").first).to_contain_text("Logger 11")
    settled(page)
    block.locator("a[data-row-link]").first.focus()
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(block.locator("a[data-row-link]").nth(1)).to_be_focused()
    page.keyboard.press("x")
    expect(block.locator("[data-bulk-count]")).to_contain_text("1")
    assert page.url.endswith(record_url(joined))  # these keys did not go to the next record


@pytest.mark.spec("N1", "N2", "R4")
@pytest.mark.parametrize(("language", "size"), [("en", DESKTOP), ("ja", PHONE)])
def test_statistics_open_over_the_record_and_a_number_leads_to_its_tickets(
    meet: Meet, joined: Joined, language: str, size: tuple[int, int]
) -> None:
    person = joined.administrator.person
    person.language = language
    person.save()
    words = {"en": ("View statistics", "Last 30 days"), "ja": ("統計の表示", "直近30日間")}[language]
    page = meet(person, size=size).open(record_url(joined))
    page.locator("#desk-tickets").get_by_role("link", name=words[0]).click()
    tiles = page.locator("#statistics .k-tile strong")
    expect(tiles.first).to_have_text("12")
    settled(page)
    assert_accessible(page, "#k-sheet")
    assert page.url.endswith("/tickets/statistics")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator("#statistics .k-tile").first.click()
    expect(page.locator("#desk-tickets .k-row")).to_have_count(10)
    expect(page.locator("#desk-tickets .bridge-filtered")).to_be_visible()
    page.wait_for_load_state("networkidle")  # the anchor has been scrolled to by then
    details = page.locator("#desk-details")
    details.scroll_into_view_if_needed()
    expect(details).to_contain_text("相沢 美咲")
    settled(page)
    assert_accessible(page, "#desk-details")
