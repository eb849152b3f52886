"""Spec G2, G3: a sales person hears of a customer's ticket on whatever page they are, and answers without leaving it."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Route, expect

from kakehashi.core.actors import Actor
from kakehashi.crm.records.models import Record
from kakehashi.crm.sales_signals.models import Signal
from kakehashi.desk.conversations.models import Comment
from kakehashi.desk.customers.models import Contact
from tests.makers.bridge import Joined, make_joined
from tests.makers.crm import make_member, make_record
from tests.makers.desk import make_ticket

from .conftest import DESKTOP, PHONE, Meet, assert_accessible

pytestmark = pytest.mark.django_db(transaction=True)
CUSTOMER = Actor(person_id=None, name="相沢 美咲", origin="mail")


@pytest.fixture
def joined(drain: Callable[[], int]) -> Joined:
    joined = make_joined()
    rep = make_member(joined.org, family_name="佐藤", given_name="健", language="en").person
    make_record(joined.org, Last_Name="相沢", First_Name="美咲", Email="misaki@tsukimizaka.example", owner=rep)
    drain()
    return joined


@pytest.mark.spec("G2")
@pytest.mark.spec("G3")
def test_the_bell_rings_and_the_ticket_is_answered_in_place(
    joined: Joined, drain: Callable[[], int], meet: Meet
) -> None:
    contact = Record.objects.select_related("owner").get(org=joined.org, module__api_name="Contacts")
    rep = contact.owner
    assert rep
    visitor = meet(rep, size=DESKTOP)
    said = f'event: changed\nid: 1\ndata: {{"subjects": ["crm.signals:{rep.pk}"]}}\n\n'

    def stream(route: Route) -> None:
        route.fulfill(body=said if Signal.objects.exists() else ": hello\n\n", content_type="text/event-stream")

    visitor.context.route("**/live?token=*", stream)
    page = visitor.open(reverse("crm_list", args=[joined.org.pk, "Contacts"]))
    ticket = make_ticket(
        joined.portal,
        contact=Contact.objects.get(portal=joined.portal),
        actor=CUSTOMER,
        description_html="<p>切れます</p>",
    )
    drain()
    expect(page.get_by_role("button", name="Signals, 1 new")).to_be_visible()
    expect(page.locator(f"#signal-mark-{contact.pk} a")).to_have_accessible_name("1 unread signal")
    page.get_by_role("button", name="Signals, 1 new").click()
    page.locator("#k-bell a.k-signal").click()
    expect(page.locator("#sheet-title")).to_contain_text(ticket.subject)
    expect(page).to_have_url(
        visitor.base + reverse("record_ticket", args=[joined.org.pk, "Contacts", contact.pk, ticket.pk])
    )
    expect(page.locator(":is(.htmx-added, .htmx-settling, .htmx-request)")).to_have_count(0)
    editor = page.locator("#ticket-talk trix-editor")
    expect(editor).to_have_attribute("contenteditable", "")
    editor.click()
    page.keyboard.type("I call them today")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#ticket-talk trix-editor")).not_to_contain_text("I call them today")
    expect(page.locator("#ticket-talk").get_by_text("I call them today")).to_be_visible()
    assert Comment.objects.get(ticket=ticket).author_id == rep.pk
    page.keyboard.press("Escape")
    expect(page.locator("#k-sheet")).to_be_hidden()
    expect(page.locator(f"#signal-mark-{contact.pk} a")).to_have_count(0)


def test_the_page_of_signals_on_a_phone_by_its_menus(joined: Joined, drain: Callable[[], int], meet: Meet) -> None:
    contact = Record.objects.select_related("owner").get(org=joined.org, module__api_name="Contacts")
    make_ticket(joined.portal, contact=Contact.objects.get(portal=joined.portal), actor=CUSTOMER)
    drain()
    assert contact.owner
    page = meet(contact.owner, size=PHONE).open(reverse("crm_signals", args=[joined.org.pk]))
    assert_accessible(page)
    menu = page.get_by_role("button", name="What to do with this signal")
    menu.focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Remind me: In three hours").click()
    expect(page.locator(".k-signal small")).to_contain_text("put off until")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".k-signal small")).not_to_contain_text("put off until")
    page.get_by_role("link", name="Put off").click()
    expect(page.locator("#signal-list")).to_contain_text("Nothing of this kind.")
    page.goto(page.url.split("/signals/")[0] + "/signals/habits")
    assert_accessible(page)
