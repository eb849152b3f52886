"""Design §1: pages hear of commits by server-sent events, from a real server."""

import json
import os
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import httpx
import psycopg
import pytest
from django.core import signing

from kakehashi.assembly.live.notices import SESSION
from kakehashi.ui.live import SALT
from tests.assembly.product import Product, wait_for


@pytest.fixture(scope="module")
def secret(product: Product) -> str:
    with open(os.path.join(product.env["KAKEHASHI_DATA"], "secret-key")) as file:  # noqa: PTH118, PTH123
        return file.read()


class Page:
    """What an open page has been told."""

    def __init__(self) -> None:
        self.changes: list[list[str]] = []
        self.is_open = threading.Event()
        self.has_ended = threading.Event()

    def hears(self, *subjects: str) -> bool:
        return list(subjects) in self.changes


def make_token(secret: str, *tenants: str, keys: Sequence[str] = ()) -> str:
    return signing.dumps([tenants, keys, time.time()], key=secret, salt=SALT, compress=True)


@contextmanager
def open_page(product: Product, secret: str, *tenants: str, token: str = "", **headers: str) -> Iterator[Page]:
    token = token or make_token(secret, *tenants)
    page = Page()
    with (
        httpx.Client(timeout=60) as client,
        client.stream("GET", f"{product.address}/live?token={token}", headers=headers) as answer,
    ):
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        reader = threading.Thread(target=read, args=[answer, page], daemon=True)
        reader.start()
        assert page.is_open.wait(20)
        yield page


def read(answer: httpx.Response, page: Page) -> None:
    try:
        for line in answer.iter_lines():
            if line == "event: beat":
                page.is_open.set()
            if line.startswith("data: {"):
                page.changes.append(json.loads(line.removeprefix("data: "))["subjects"])
    except httpx.HTTPError:
        pass
    page.has_ended.set()


def tell(product: Product, tenant: str, *subjects: str) -> None:
    with psycopg.connect(product.env["DATABASE_URL"], autocommit=True) as connection:
        notice = json.dumps({"tenant": tenant, "subjects": subjects})
        connection.execute("SELECT pg_notify('kakehashi_events', %s)", [notice])


def test_a_page_hears_of_its_own_tenants_and_of_no_others(product: Product, secret: str) -> None:
    with open_page(product, secret, "org:1", "portal:7") as page:
        tell(product, "org:2", "crm.record:99")
        tell(product, "org:1", "crm.record:17")
        wait_for(lambda: page.hears("crm.record:17"))
        tell(product, "portal:7", "desk.ticket:5")
        wait_for(lambda: page.hears("desk.ticket:5"))
        assert not any("crm.record:99" in change for change in page.changes)


def test_a_burst_is_told_as_few_events_and_a_flood_as_look_again(product: Product, secret: str) -> None:
    with open_page(product, secret, "org:3") as page:
        for number in range(300):
            tell(product, "org:3", f"crm.record:{number}")
        tell(product, "org:3", *[f"desk.ticket:{number}" for number in range(201)])
        wait_for(page.hears)
        assert len(page.changes) < 150


def test_many_pages_hear_at_once(product: Product, secret: str) -> None:
    with (
        open_page(product, secret, "org:4") as one,
        open_page(product, secret, "org:4") as two,
        open_page(product, secret, "org:5") as other,
    ):
        tell(product, "org:4", "crm.record:1")
        wait_for(lambda: one.hears("crm.record:1") and two.hears("crm.record:1"))
        assert other.changes == []


def test_a_page_that_comes_back_is_told_to_look_again(product: Product, secret: str) -> None:
    with open_page(product, secret, "org:6", **{"Last-Event-ID": "1"}) as page:
        wait_for(page.hears)


def test_after_a_lost_database_connection_everybody_is_told_to_look_again(product: Product, secret: str) -> None:
    with open_page(product, secret, "org:7") as page:
        with psycopg.connect(product.env["DATABASE_URL"], autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s AND datname = current_database()",
                [SESSION],
            )
        wait_for(page.hears)
        tell(product, "org:7", "crm.record:8")
        wait_for(lambda: page.hears("crm.record:8"))


@pytest.mark.parametrize(
    "token",
    ["", "forged", signing.dumps(["org:1"], key="another key", salt=SALT)],
    ids=["none", "nonsense", "signed with another key"],
)
def test_a_page_without_a_right_to_hear_is_refused(product: Product, token: str) -> None:
    assert product.get("/live", params={"token": token}).status_code == 403


def test_an_old_right_to_hear_is_refused(product: Product, secret: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.core.signing.time.time", lambda: 1_000_000_000)
    token = signing.dumps(["org:1"], key=secret, salt=SALT, compress=True)
    assert product.get("/live", params={"token": token}).status_code == 403


def end(product: Product, key: str) -> None:
    """As `core.hearing.actions.end_hearing` does, from a process of its own."""
    with psycopg.connect(product.env["DATABASE_URL"], autocommit=True) as connection, connection.transaction():
        connection.execute("INSERT INTO core_endedhearing (key, at) VALUES (%s, now())", [key])
        notice = json.dumps({"ended": key, "at": time.time()})
        connection.execute("SELECT pg_notify('kakehashi_events', %s)", [notice])


def test_the_stream_ends_at_once_with_the_right_and_stays_shut(product: Product, secret: str) -> None:
    token = make_token(secret, "org:1", keys=["org:1/person:7"])
    with open_page(product, secret, "org:1", token=token) as page, open_page(product, secret, "org:1") as other:
        end(product, "org:1/person:7")
        assert page.has_ended.wait(5)
        assert not other.has_ended.is_set()
    assert product.get("/live", params={"token": token}).status_code == 403
    with open_page(product, secret, "org:1", token=make_token(secret, "org:1", keys=["org:1/person:7"])):
        pass


def test_open_pages_do_not_hold_up_the_end(product: Product, secret: str) -> None:
    """Last in this file: it stops the product."""
    with open_page(product, secret, "org:8") as page:
        assert product.stop() == 0
        assert page.has_ended.wait(5)
    assert not product.says("was killed")
