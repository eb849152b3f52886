"""Spec G2: a signal that was made while the stream was cut, held back or refused still comes to the bell, on the page as it stands."""

from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Condition, Thread

import pytest
from django.urls import reverse
from playwright.sync_api import Page, Route, expect

from kakehashi.crm.orgs.access import CrmAccess
from tests.makers.crm import make_administrator, make_member, make_org, make_record

from .conftest import Meet, Visitor, until

pytestmark = pytest.mark.django_db(transaction=True)
Drain = Callable[[], int]


class Streams(ThreadingHTTPServer):
    """Stands for the live end: opens a stream with one beat and holds it, without a word more, until it is cut; refuses while it is."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Stream)
        self.opened, self.refused, self.is_cut = 0, 0, False
        self.changed = Condition()
        Thread(target=self.serve_forever, daemon=True).start()

    def lead(self, route: Route) -> None:
        """The page's own request, to this server instead."""
        route.continue_(url=f"http://127.0.0.1:{self.server_port}/live")

    def set_cut(self, *, is_cut: bool) -> None:
        with self.changed:
            self.is_cut = is_cut
            self.changed.notify_all()


class _Stream(BaseHTTPRequestHandler):
    server: Streams

    def do_GET(self) -> None:
        if self.server.is_cut:
            self.server.refused += 1
            self.send_response(204)
            self.end_headers()
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        self.wfile.write(b"event: beat\ndata: 1\n\n")
        self.wfile.flush()
        self.server.opened += 1
        with self.server.changed:
            self.server.changed.wait_for(lambda: self.server.is_cut, timeout=60)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (its name in the standard library)
        pass


@pytest.fixture
def streams() -> Iterator[Streams]:
    server = Streams()
    yield server
    server.set_cut(is_cut=True)
    server.shutdown()
    server.server_close()


@pytest.fixture
def rep(transactional_db: None) -> CrmAccess:
    return make_member(make_org(), language="en")


def open_list(visitor: Visitor, rep: CrmAccess) -> Page:
    page = visitor.open(reverse("crm_list", args=[rep.org.pk, "Contacts"]))
    page.evaluate("window.isSamePage = true")
    return page


def ring(rep: CrmAccess, drain: Drain) -> None:
    make_record(rep.org, owner=rep.person, actor=make_administrator(rep.org).actor)
    drain()


def assert_rings(page: Page) -> None:
    expect(page.get_by_role("button", name="Signals, 1 new")).to_be_visible(timeout=10_000)
    assert page.evaluate("window.isSamePage"), "without being loaded again"


@pytest.mark.spec("G2")
def test_what_happened_while_the_stream_was_cut_is_shown_when_it_is_back(
    meet: Meet, rep: CrmAccess, streams: Streams, drain: Drain
) -> None:
    visitor = meet(rep.person)
    visitor.context.route("**/live?token=*", streams.lead)
    page = open_list(visitor, rep)
    until(page, lambda: streams.opened == 1)
    streams.set_cut(is_cut=True)
    ring(rep, drain)
    until(page, lambda: streams.refused > 1)
    expect(page.get_by_role("button", name="Signals, 0 new")).to_be_visible()
    streams.set_cut(is_cut=False)
    assert_rings(page)


@pytest.mark.spec("G2")
def test_a_stream_that_fell_silent_is_opened_anew(meet: Meet, rep: CrmAccess, streams: Streams, drain: Drain) -> None:
    """A cut line that nobody reported: the page's own connection stands."""
    visitor = meet(rep.person)
    visitor.context.clock.install()
    visitor.context.route("**/live?token=*", streams.lead)
    page = open_list(visitor, rep)
    until(page, lambda: streams.opened == 1)
    ring(rep, drain)
    visitor.context.clock.run_for(41_000)
    visitor.context.clock.run_for(2_000)
    until(page, lambda: streams.opened == 2)
    assert_rings(page)


@pytest.mark.spec("G2")
@pytest.mark.parametrize("how", ["refused", "held back", "unknown to the browser"])
def test_without_a_stream_the_bell_is_asked_for(meet: Meet, rep: CrmAccess, drain: Drain, how: str) -> None:
    visitor = meet(rep.person)
    visitor.context.clock.install()
    if how == "unknown to the browser":
        visitor.context.add_init_script("delete window.EventSource")
    visitor.context.route("**/live?token=*", lambda route: route.abort() if how == "refused" else None)
    page = open_list(visitor, rep)
    ring(rep, drain)
    for _turn in range(6):
        visitor.context.clock.run_for(8_000)
        page.wait_for_timeout(100)
    assert_rings(page)
    visitor.complaints.clear()  # Chromium names each refused stream
