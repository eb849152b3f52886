"""Parts of a page that name a subject hear when it changed; without a stream they ask now and then."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from kakehashi.identity.people.models import Person
from tests.browser.conftest import Meet, Visitor

HEARD = "window.heard = []; document.addEventListener('live', (event) => window.heard.push(event.target.id), true);"
PARTS = '<p id="contact" data-live="crm.record:17"></p><p id="ticket" data-live="desk.ticket:5"></p><p id="all" data-live="crm.record"></p>'

CHANGED = 'event: changed\nid: 1\ndata: {"subjects": ["crm.record:17"]}\n\n'

Open = Callable[[Callable[[Route], None]], Page]


@pytest.fixture
def visitor(meet: Meet, takase: Person) -> Visitor:
    return meet(takase)


@pytest.fixture
def open_page(visitor: Visitor) -> Open:
    def opened(stream: Callable[[Route], None]) -> Page:
        visitor.context.add_init_script(HEARD)
        visitor.context.route("**/live?token=*", stream)
        visitor.context.route("**/ui/gallery", _with_parts)
        return visitor.open("/ui/gallery")

    return opened


def _with_parts(route: Route) -> None:
    html = (
        route.fetch()
        .text()
        .replace('data-live-token=""', 'data-live-token="signed"')
        .replace("</main>", f"{PARTS}</main>")
    )
    route.fulfill(body=html, content_type="text/html")


def test_only_the_parts_about_a_changed_subject_hear_of_it(open_page: Open) -> None:
    page = open_page(lambda route: route.fulfill(body=CHANGED, content_type="text/event-stream"))
    page.wait_for_function("window.heard.length >= 2")
    assert page.evaluate("window.heard.slice(0, 2)") == ["contact", "all"]


def test_after_a_lost_connection_everything_is_asked_once(open_page: Open) -> None:
    page = open_page(lambda route: route.fulfill(body=": hello\n\n", content_type="text/event-stream"))
    page.wait_for_function("window.heard.length >= 3")
    assert page.evaluate("window.heard.slice(0, 3)") == ["contact", "ticket", "all"]


def test_without_a_stream_the_page_asks_now_and_then(visitor: Visitor, open_page: Open) -> None:
    visitor.context.clock.install()
    page = open_page(lambda route: route.abort())
    for _ in range(4):
        visitor.context.clock.run_for(10_000)
        page.wait_for_timeout(100)
    visitor.context.clock.run_for(16_000)
    page.wait_for_function("window.heard.includes('ticket')")
    expect(page.locator("#ticket")).to_be_attached()
    visitor.complaints.clear()  # Chromium names each refused stream
