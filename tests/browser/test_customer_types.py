"""顧客分類モード: an agent's board follows a deal, and an administrator makes a column; at a desk and on a phone."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from kakehashi.crm.records.actions import update_record
from tests.bridge.deal_links.conftest import World, make_world
from tests.makers.desk import MAKER

from .conftest import PHONE, Meet, assert_accessible

pytestmark = pytest.mark.django_db(transaction=True)
Drain = Callable[[], int]


@pytest.fixture
def world(drain: Drain) -> World:
    return make_world(drain)


@pytest.mark.spec("X6")
def test_a_ticket_moves_with_its_customers_deal(meet: Meet, world: World, drain: Drain) -> None:
    ticket = world.ticket()
    page = meet(world.joined.administrator.person).open(f"/desk/{world.joined.portal.pk}/tickets/")
    page.get_by_role("link", name="Customer types").first.click()
    expect(page.get_by_role("status").filter(has_text="being sorted")).to_be_visible()
    drain()
    page.wait_for_load_state("load")
    board = page.locator("#customer-types")
    board.dispatch_event("live")
    expect(board.get_by_role("region", name="Deals", exact=True)).to_contain_text(ticket.subject)
    assert_accessible(page)
    update_record(world.deal, values={"Stage": "Closed Won"}, actor=MAKER)
    drain()
    board.dispatch_event("live")
    expect(board.get_by_role("region", name="Customers", exact=True)).to_contain_text(ticket.subject)
    page.get_by_role("link", name=ticket.subject).click()
    expect(page).to_have_url(re.compile(rf"/tickets/{ticket.pk}/$"))


@pytest.mark.spec("X6")
def test_an_administrator_makes_a_column_on_a_phone_in_japanese(meet: Meet, world: World, drain: Drain) -> None:
    person = world.joined.administrator.person
    person.language = "ja"
    person.save()
    ticket = world.ticket()
    page = meet(person, size=PHONE).open(f"/crm/{world.joined.org.pk}/settings/desk/customer-types/")
    assert_accessible(page)
    page.get_by_role("link", name="新しい列").click()
    page.wait_for_load_state("load")
    page.get_by_label("名前").fill("大口の商談")
    page.get_by_role("button", name="グループを追加").click()
    page.locator("[id^=field-]").select_option("Amount")
    page.locator("[id^=operator-]").select_option("gt")
    page.get_by_role("textbox", name="値").fill("3000000")
    assert_accessible(page)
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("link", name="大口の商談")).to_be_visible()
    drain()
    page.goto(page.url.split("/crm/")[0] + f"/desk/{world.joined.portal.pk}/customer-types/")
    drain()
    page.reload()
    expect(page.get_by_role("region", name="大口の商談", exact=True)).to_contain_text(ticket.subject)
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")


@pytest.mark.spec("X6")
def test_cards_are_walked_by_keyboard_and_columns_stay_folded(meet: Meet, world: World, drain: Drain) -> None:
    tickets = [world.ticket(subject=f"Logger {number}") for number in range(3)]
    address = f"/desk/{world.joined.portal.pk}/customer-types/"
    world.client().get(address)
    drain()
    page = meet(world.joined.administrator.person).open(address)
    deals = page.get_by_role("region", name="Deals", exact=True)
    expect(deals.get_by_role("article")).to_have_count(3)
    names = deals.locator("[data-row-link]")
    page.keyboard.press("j")
    expect(names.nth(0)).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(names.nth(1)).to_be_focused()
    page.locator("#customer-types").dispatch_event("live")
    expect(page.locator(":is(.htmx-request, .htmx-settling, .htmx-added)")).to_have_count(0)
    expect(names.nth(1)).to_be_focused()
    expect(deals.locator(".k-board-card").nth(1)).to_have_class(re.compile("is-current"))
    deals.get_by_role("button", name="Fold or open Deals").click()
    expect(deals.get_by_role("article")).to_have_count(0)
    page.reload()
    expect(deals.get_by_role("article")).to_have_count(0)
    expect(deals.locator(".k-count")).to_have_text("3")
    assert_accessible(page)
    opener = deals.get_by_role("button", name="Fold or open Deals")
    opener.focus()
    page.keyboard.press("Enter")
    expect(deals.get_by_role("article")).to_have_count(3)
    expect(opener).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/tickets/\d+/$"))
    assert int(page.url.split("/")[-2]) in [ticket.pk for ticket in tickets]


@pytest.mark.spec("X6")
def test_an_administrator_takes_the_removal_of_a_column_back(meet: Meet, world: World) -> None:
    page = meet(world.joined.administrator.person).open(f"/crm/{world.joined.org.pk}/settings/desk/customer-types/")
    page.get_by_role("link", name="Customers", exact=True).click()
    page.wait_for_load_state("load")
    page.get_by_role("button", name="Remove", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(page.locator("#removed-title")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#removed-title")).to_have_count(0)
    expect(page.get_by_role("link", name="Customers", exact=True)).to_be_visible()


@pytest.mark.spec("X7")
def test_the_customers_card_comes_to_a_ticket_and_to_a_new_one(meet: Meet, world: World) -> None:
    ticket, portal = world.ticket(), world.joined.portal
    page = meet(world.joined.administrator.person).open(f"/desk/{portal.pk}/tickets/{ticket.pk}/")
    beside = page.locator("#ticket-properties .bridge-crm-card")
    beside.scroll_into_view_if_needed()
    expect(beside.get_by_role("link", name="温度監視の更新")).to_be_visible()
    assert_accessible(page, "#ticket-properties")
    page.goto(page.url.replace(f"/tickets/{ticket.pk}/", "/tickets/new/"))
    expect(page.locator("#crm-card-new")).to_contain_text("Choose a contact")
    page.locator("#id_contactId ~ .ts-wrapper .ts-control").or_(page.locator("#id_contactId-ts-control")).first.click()
    page.keyboard.type("相沢")
    expect(page.locator(".ts-dropdown .option").first).to_contain_text("相沢")
    page.keyboard.press("Enter")
    expect(page.locator("#crm-card-new").get_by_role("link", name="相沢 美咲")).to_be_visible()
    assert_accessible(page, "#crm-card-new")
