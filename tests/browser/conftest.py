"""A real Chromium on a live server. `visit(path)` opens a page, and the test fails on anything its console complains of."""

import contextlib
import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIRequest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Route, sync_playwright
from playwright.sync_api import Error as PlaywrightError
from pytest_django.live_server_helper import LiveServer

from kakehashi.identity.people.models import Person

# Playwright's synchronous interface runs an event loop in this thread, where Django would refuse to touch the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

DESKTOP, PHONE = (1440, 900), (390, 844)
WCAG_2_2_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser" in str(item.path):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session", autouse=True)
def server_for_browsers() -> Iterator[None]:
    """Django's test server looks for a script or a style sheet on the disk whenever it is asked for, and lets no browser keep it. Nor has it
    a live end: "no content" is the answer that browsers take without complaint.

    Answered here and not by a route of Playwright's, since a context with a route keeps nothing, either.
    """
    ask_django: Callable[..., Any] = StaticFilesHandler.__call__
    kept: dict[str, tuple[bytes, str]] = {}

    def answer(handler: StaticFilesHandler, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        path = environ["PATH_INFO"]
        if path == "/live":
            start_response("204 No Content", [])
            return []
        if path not in kept and not (path.startswith(settings.STATIC_URL) and _read(handler, environ, kept)):
            return ask_django(handler, environ, start_response)
        content, kind = kept[path]
        headers = {"Content-Type": kind, "Content-Length": str(len(content)), "Cache-Control": "max-age=3600"}
        start_response("200 OK", [*headers.items()])
        return [content]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(StaticFilesHandler, "__call__", answer)
        yield


def _read(handler: StaticFilesHandler, environ: dict[str, Any], kept: dict[str, tuple[bytes, str]]) -> bool:
    found = handler.get_response(WSGIRequest(environ))
    if found.status_code == 200:
        kept[environ["PATH_INFO"]] = b"".join(found.streaming_content), found["Content-Type"]
    return found.status_code == 200


@dataclass
class Visitor:
    """Somebody at a screen. `complaints` are console errors and script failures of all their pages."""

    context: BrowserContext
    base: str
    complaints: list[str] = field(default_factory=list)

    def sign_in(self, person: Person) -> None:
        """As after the sign-in page, without going there."""
        client = Client()
        client.force_login(person)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        self.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": self.base}])

    def open(self, path: str) -> Page:
        page = self.context.new_page()
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(self.base + path, wait_until="load")
        return page

    def leave(self) -> None:
        """Once the server has answered: a request still under way would hold the tables that are emptied next."""
        for page in self.context.pages:
            with contextlib.suppress(PlaywrightError):
                page.evaluate(
                    "navigator.sendBeacon = () => true"
                )  # a page's last word would come when the tables are emptied
                page.wait_for_load_state("networkidle", timeout=3_000)
        self.context.close()

    def _hear(self, message: ConsoleMessage) -> None:
        # A refused form (422, 409) is an answer, but Chromium writes it down as an error.
        if message.type == "error" and not re.search("status of 4(09|22)", message.text):
            self.complaints.append(message.text)


Meet = Callable[..., Visitor]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Per module: while it is open an event loop runs in this thread, and tests of other modules want to run their own."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def meet(browser: Browser, live_server: LiveServer) -> Iterator[Meet]:
    """Somebody new at a screen of their own: meet(person=…, size=PHONE, theme="dark")."""
    visitors: list[Visitor] = []

    def newcomer(person: Person | None = None, *, size: tuple[int, int] = DESKTOP, **options: Any) -> Visitor:
        shape: dict[str, Any] = {
            "viewport": {"width": size[0], "height": size[1]},
            "locale": "ja-JP",
            "reduced_motion": "reduce",
        }
        context = browser.new_context(**{**shape, **options})
        visitor = Visitor(context, live_server.url)
        visitors.append(visitor)
        if person:
            visitor.sign_in(person)
        return visitor

    yield newcomer
    complaints = [complaint for visitor in visitors for complaint in visitor.complaints]
    for visitor in visitors:
        visitor.leave()
    assert not complaints, "\n".join(complaints)


def until(page: Page, is_so: Callable[[], bool]) -> None:
    """The page goes on meanwhile."""
    for _turn in range(200):
        if is_so():
            return
        page.wait_for_timeout(50)
    raise AssertionError("not within ten seconds")


def lose_answer(page: Page, part: str) -> None:
    """The next request to an address with this in it arrives and is carried out; what was answered does not come back."""

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route(lambda url: part in url, lose, times=1)


def hold(place: Page | BrowserContext, pattern: str) -> list[Route]:
    """Requests to such an address wait in the list that comes back until one lets them go (`route.continue_()`)."""
    held: list[Route] = []

    def keep(route: Route) -> None:
        held.append(route)

    place.route(pattern, keep)
    return held


@pytest.fixture
def takase(transactional_db: None) -> Person:
    """Somebody signed in, when it does not matter who."""
    return Person.objects.create_user("yu.takase@example.com", family_name="Takase", given_name="Yu", language="en")


_END_OF_MOVES = """() => Promise.all(document.getAnimations()
    .filter((one) => one.effect.getTiming().iterations !== Infinity)
    .map((one) => one.finished.catch(() => null))).then(() => null)"""


def assert_accessible(page: Page, context: str | None = None) -> None:
    """No violation of WCAG 2.2 AA that axe can find, on the page or below the CSS selector `context`."""
    page.wait_for_load_state("load")  # before its styles are there, every target is too small
    page.evaluate(_END_OF_MOVES)  # what still moves in is not where axe looks for a dialog that covers the page
    found = Axe().run(page, context, {"runOnly": {"type": "tag", "values": WCAG_2_2_AA}, "resultTypes": ["violations"]})
    lines = [
        f"{violation['id']}: {violation['help']}\n    {node['html'][:300]}\n    {node['failureSummary']}"
        for violation in found.response["violations"]
        for node in violation["nodes"][:4]
    ]
    assert not lines, "\n".join(lines)
