"""An administrator makes a module and fields, works with them at once, and changes them while records are there."""

import re

import pytest
from django.utils.translation import override
from playwright.sync_api import Page, expect

from kakehashi.crm.modules.queries import schema_of
from kakehashi.crm.orgs.models import Org
from kakehashi.crm.records.models import Record
from tests.browser.conftest import Meet, Visitor, assert_accessible
from tests.makers.crm import make_administrator, make_org, make_person, make_record
from tests.makers.jobs import run_jobs

pytestmark = pytest.mark.django_db(transaction=True)


def add_field(page: Page, kind: str, label: str) -> None:
    """To the form of a new field, its label typed."""
    page.get_by_role("link", name="New field").first.click()
    page.locator(".k-cards-choice a", has=page.get_by_text(kind, exact=True)).click()
    page.get_by_label("Label").fill(label)


def save(page: Page) -> None:
    """Until the page that follows has its scripts."""
    with page.expect_navigation():
        page.get_by_role("button", name="Save").click()


def in_menu(page: Page, name: str, entry: str) -> None:
    page.get_by_role("button", name=f"More for {name}").click()
    page.get_by_role("button", name=entry, exact=True).click()


@pytest.fixture
def org() -> Org:
    return make_org(administrator=make_person(language="en"), language="en")


@pytest.fixture
def visitor(org: Org, meet: Meet) -> Visitor:
    return meet(make_administrator(org, language="en").person, locale="en")


def make_sites(page: Page) -> None:
    page.get_by_role("link", name="New module").click()
    page.get_by_label("Name of one record").fill("Site")
    page.get_by_label("Name of the module").fill("Sites 現場")
    save(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Sites 現場")
    assert page.url.endswith("/settings/modules/Sites/")


def make_fields(page: Page) -> None:
    add_field(page, "E-mail", "Site mail")
    save(page)
    add_field(page, "Pick list", "Rank")
    for place, choice in enumerate(["High", "Low", "Unknown"]):
        page.get_by_label("Name of the choice").nth(place).fill(choice)
    save(page)
    add_field(page, "Multi-select lookup", "Operators")
    page.get_by_label("Leads to").select_option("Accounts")
    save(page)
    add_field(page, "Whole number", "Area")
    save(page)
    add_field(page, "Formula", "Rent")
    page.get_by_label("Formula").fill("{Area} * ")
    expect(page.locator("#formula-check")).to_contain_text("Something is missing at the end.")
    page.get_by_label("Formula").fill("{Area} * 1200")
    expect(page.locator("#formula-check")).to_contain_text("Decimal number")
    save(page)
    expect(page.locator(".k-lines-main", has_text="Rent")).to_be_visible()


def test_a_module_is_made_used_and_changed_without_a_restart(org: Org, visitor: Visitor) -> None:
    make_record(org, "Accounts", Account_Name="Harbour Foods")
    make_record(org, "Accounts", Account_Name="Umino Trading")
    page = visitor.open(f"/crm/{org.pk}/settings/modules/")
    make_sites(page)
    make_fields(page)
    assert_accessible(page)

    page.goto(f"{visitor.base}/crm/{org.pk}/Sites/new")
    page.get_by_label("Site name").fill("North gate")
    page.get_by_label("Site mail").fill("north@example.com")
    page.get_by_label("Rank").select_option("High")
    page.get_by_label("Area").fill("30")
    for name in ("Harbour Foods", "Umino Trading"):
        box = page.get_by_role("combobox", name="Operators")
        box.fill(name.split()[0])
        page.get_by_role("option", name=name).click()
    page.get_by_role("button", name="Save", exact=True).click()
    card = page.locator("#overview")
    expect(card).to_contain_text("36,000")
    expect(card.get_by_role("link", name="Harbour Foods")).to_be_visible()
    record = Record.objects.get(name="North gate")

    card.get_by_role("link", name="Umino Trading").click()
    expect(page.locator("#Sites-Operators")).to_contain_text("North gate")

    page.goto(f"{visitor.base}/crm/{org.pk}/settings/modules/Sites/")
    page.get_by_role("link", name=re.compile("Site mail")).click()
    page.get_by_label("Label").fill("Gate mail")
    save(page)
    in_menu(page, "Rank", "Hide")
    expect(page.locator("li", has_text="Rank").get_by_text("Hidden")).to_be_visible()
    in_menu(page, "Gate mail", "Remove")
    expect(page.get_by_text("Its values are kept")).to_be_visible()

    other = visitor.open(f"/crm/{org.pk}/Sites/{record.pk}/")
    expect(other.locator("#overview")).not_to_contain_text("north@example.com")
    expect(other.locator("#overview")).not_to_contain_text("High")

    removed = page.locator("section", has=page.get_by_role("heading", name="Removed fields"))
    removed.get_by_role("button", name="Put back").click()
    expect(page.locator("[data-lines] li", has_text="Gate mail")).to_be_visible()
    run_jobs()
    other.reload()
    expect(other.locator("#overview")).to_contain_text("north@example.com")


def test_fields_are_ordered_with_the_mouse_and_with_the_keyboard(org: Org, visitor: Visitor) -> None:
    page = visitor.open(f"/crm/{org.pk}/settings/modules/Products/")
    lines = page.locator("[data-lines]").first.locator("li .k-lines-main b")
    first, second, third = lines.all_text_contents()[:3]
    line = page.locator("[data-lines]").first.locator("li")
    with page.expect_response("**/fields/place"):
        line.nth(2).locator(".k-grip").drag_to(line.nth(0), target_position={"x": 40, "y": 4})
    expect(lines.nth(0)).to_have_text(third)
    expect(lines.nth(1)).to_have_text(first)
    page.get_by_role("button", name=f"More for {first}", exact=True).press("Enter")
    page.get_by_role("button", name="Move down", exact=True).press("Enter")
    expect(lines.nth(1)).to_have_text(second)
    org.refresh_from_db()
    with override("en"):
        names = [str(field.label) for field in schema_of(org)["Products"].sections[0].fields][:3]
    assert names == [third, second, first]
