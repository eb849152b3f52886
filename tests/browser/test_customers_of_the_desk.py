"""Somebody tidies up the Desk's customers: merges a double from the list, takes that back, and erases a person for good."""

import pytest
from playwright.sync_api import expect

from kakehashi.desk.customers.models import Contact
from kakehashi.desk.erasure.models import Erasure
from kakehashi.desk.portals.models import Portal
from tests.makers.desk import make_administrator, make_contact, make_portal, make_ticket

from .conftest import PHONE, Meet, assert_accessible

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def portal(transactional_db: None) -> Portal:
    return make_portal()


def test_a_double_is_merged_from_the_list_and_parted_by_the_toast(meet: Meet, portal: Portal) -> None:
    one = make_contact(portal, lastName="相沢", email="a@tsukimizaka.example", title="課長")
    two = make_contact(portal, lastName="相澤", email="b@tsukimizaka.example", moreEmails=["a@tsukimizaka.example"])
    ticket = make_ticket(portal, contact=two)
    visitor = meet(make_administrator(portal).person)
    page = visitor.open(f"/desk/{portal.pk}/contacts/")
    page.get_by_role("checkbox", name=f"Choose {one.name}").check()
    page.get_by_role("checkbox", name=f"Choose {two.name}").check()
    page.get_by_role("button", name="Merge", exact=True).click()
    expect(page.get_by_role("heading", name="Merge 2 records")).to_be_visible()
    assert_accessible(page)
    page.locator(f"input[name=survivor][value='{two.pk}']").check()
    expect(page.locator(f"input[name=field-title][value='{one.pk}']")).to_be_checked()
    page.get_by_role("button", name="Merge", exact=True).click()
    expect(page).to_have_url(f"{visitor.base}/desk/{portal.pk}/contacts/{two.pk}/")
    expect(page.locator("#record")).to_contain_text("a@tsukimizaka.example")
    page.locator(".k-toast button").first.click()
    expect(page.get_by_text("1 possible duplicate")).to_be_visible()
    assert Contact.objects.get(pk=one.pk).deleted_at is None
    ticket.refresh_from_db()
    assert ticket.contact_id == two.pk


def test_a_person_is_erased_after_the_counts_were_seen(meet: Meet, portal: Portal) -> None:
    contact = make_contact(portal)
    make_ticket(portal, contact=contact)
    page = meet(make_administrator(portal).person, size=PHONE, color_scheme="dark").open(
        f"/desk/{portal.pk}/contacts/{contact.pk}/"
    )
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("link", name="Erase personal data").click()
    assert_accessible(page)
    page.get_by_role("button", name="Erase personal data").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Type “erase” to go on").fill("erase")
    page.get_by_role("button", name="Erase personal data").click()
    expect(page.get_by_role("heading", name="Under way")).to_be_visible()
    assert_accessible(page)
    assert Erasure.objects.get().counts["tickets"] == 1
