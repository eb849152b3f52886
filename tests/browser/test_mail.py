"""Mail as people meet it: written as a customer, read as an agent, looked after as an administrator, on a desk and on a phone."""

import base64

import pytest
from playwright.sync_api import expect
from pytest_django import Settings

from kakehashi.desk.intake.filing import file_waiting
from kakehashi.desk.intake.taking import Delivery, take_in
from kakehashi.desk.mailbox.outbox import OUTBOX
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.tickets.models import Ticket
from tests.makers.desk import make_administrator, make_contact, make_portal, make_seat, make_ticket
from tests.makers.mail import make_mail

from .conftest import PHONE, Meet, assert_accessible

pytestmark = pytest.mark.django_db(transaction=True)
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@pytest.fixture
def portal(transactional_db: None) -> Portal:
    return make_portal()


def test_a_customers_mail_is_tried_out_read_and_moved(meet: Meet, portal: Portal, settings: Settings) -> None:
    settings.EMAIL_BACKEND, settings.DEMO = OUTBOX, True
    target = make_ticket(portal, contact=make_contact(portal))
    visitor = meet(make_seat(portal).person)
    visitor.context.route(
        "https://img.example.com/**", lambda route: route.fulfill(body=PIXEL, content_type="image/png")
    )
    page = visitor.open("/dev/outbox/write/")
    page.get_by_label("Subject").fill(f"Re: still broken [#{target.number}]")
    page.get_by_label("Text").fill("It happened again.")
    assert_accessible(page)
    page.get_by_role("button", name="Send").click()
    expect(page.locator("body")).to_contain_text("on its way into the portal")
    file_waiting(portal.pk)
    opened = Ticket.objects.exclude(pk=target.pk).get()
    page.goto(f"{visitor.base}/desk/{portal.pk}/tickets/{opened.pk}/")
    expect(page.locator("#conversation")).to_contain_text("It happened again.")
    page.get_by_role("button", name=f"Move it to #{target.number}").click()
    expect(page).to_have_url(f"{visitor.base}/desk/{portal.pk}/tickets/{target.pk}/")
    expect(page.locator("#conversation")).to_contain_text("It happened again.")

    html = '<p>Look<img src="https://img.example.com/a.png" alt="chart" width="40" height="40"></p>'
    take_in(portal, [Delivery(make_mail(message_id="<image@c>", html=html))])
    file_waiting(portal.pk)
    newest = Ticket.objects.order_by("-pk")[0]
    page.goto(f"{visitor.base}/desk/{portal.pk}/tickets/{newest.pk}/")
    expect(page.locator("#conversation")).to_contain_text("[chart]")
    page.get_by_role("button", name="Show images").click()
    expect(page.locator("#conversation img[alt=chart]")).to_be_visible()
    expect(page.get_by_role("button", name="Show images")).to_have_count(0)


@pytest.mark.parametrize("size", [None, PHONE])
def test_an_administrator_looks_after_mail(meet: Meet, portal: Portal, size: tuple[int, int] | None) -> None:
    take_in(portal, [Delivery(b"\x00 no mail"), Delivery(make_mail(extra="Auto-Submitted: auto-replied"))])
    file_waiting(portal.pk)
    visitor = meet(make_administrator(portal).person, **({"size": size} if size else {}))
    page = visitor.open(f"/desk/{portal.pk}/settings/mail/incoming/")
    assert_accessible(page)
    page.get_by_role("link", name="In quarantine").click()
    expect(page.locator("#incoming tbody tr")).to_have_count(1)
    page.get_by_role("link", name="(no subject)").click()
    page.get_by_role("button", name="Release from quarantine").click()
    expect(page.locator("#conversation")).to_contain_text("mail.eml")
    for place in ("addresses/", "mailboxes/", "mailboxes/new/"):
        page.goto(f"{visitor.base}/desk/{portal.pk}/settings/mail/{place}")
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
