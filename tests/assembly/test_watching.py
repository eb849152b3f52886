"""What the product tells those who run it, and to whom."""

import json
import logging
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client, override_settings
from django.urls import reverse
from prometheus_client.parser import text_string_to_metric_families

from kakehashi.assembly.logs.about import about
from kakehashi.assembly.logs.lines import JsonLines, PlainLines
from kakehashi.assembly.metrics.lag import lags
from kakehashi.assembly.metrics.watchers import may_watch
from kakehashi.assembly.web.proxies import seen_from_outside
from kakehashi.core import clock
from kakehashi.core.actors import Actor
from kakehashi.core.events import loop
from kakehashi.core.events.log import Fact, write_past_facts
from kakehashi.core.events.models import Cursor
from kakehashi.core.events.reading import start_of_log
from kakehashi.core.events.subscribers import move_cursor
from tests.makers.bridge import make_joined
from tests.makers.crm import make_record


def fail_with(failure: Exception) -> None:
    raise failure


def line_of(failure: Exception | None = None, shape: logging.Formatter | None = None) -> str:
    trace = None
    if failure:
        try:
            fail_with(failure)
        except ValueError as raised:
            trace = (type(raised), raised, raised.__traceback__)
    record = logging.LogRecord("kakehashi.test", logging.ERROR, __file__, 1, "Job %s failed", (7,), trace)
    return (shape or JsonLines()).format(record)


def test_a_line_says_what_it_is_about() -> None:
    with about(lambda: {"request": "abc", "person": 3, "org": 2}):
        line = json.loads(line_of())
    assert line["says"] == "Job 7 failed"
    assert {"request": "abc", "person": 3, "org": 2}.items() <= line.items()
    assert "request" not in json.loads(line_of())


@pytest.mark.parametrize("shape", [JsonLines(), PlainLines()])
def test_a_failure_is_told_with_its_place_and_without_the_values_in_its_words(shape: logging.Formatter) -> None:
    words = "duplicate key “相沢” for misaki@tsukimizaka.example, +81 90-1234-5678 in 'Email'\nDETAIL: Key (email)=(x)"
    line = line_of(ValueError(words), shape)
    assert "test_watching.py" in line
    assert "ValueError: duplicate key" in line
    for value in ("相沢", "misaki", "1234", "Email'", "DETAIL"):
        assert value not in line


@pytest.mark.parametrize(
    ("proxies", "headers", "client", "scheme"),
    [
        (0, {"x-forwarded-for": "203.0.113.9", "x-forwarded-proto": "https"}, "10.0.0.1", "http"),
        (1, {"x-forwarded-for": "6.6.6.6, 203.0.113.9", "x-forwarded-proto": "https"}, "203.0.113.9", "https"),
        (1, {"x_forwarded_for": "6.6.6.6"}, "10.0.0.1", "http"),
        (2, {"x-forwarded-for": "203.0.113.9, 10.0.0.7"}, "203.0.113.9", "http"),
        (2, {"x-forwarded-for": "6.6.6.6", "x-forwarded-proto": "https"}, "10.0.0.1", "http"),
    ],
)
def test_only_our_own_proxies_are_believed(proxies: int, headers: dict[str, str], client: str, scheme: str) -> None:
    sent = [(name.encode(), value.encode()) for name, value in headers.items()]
    scope: Any = {"type": "http", "scheme": "http", "client": ("10.0.0.1", 5), "headers": sent}
    seen = seen_from_outside(scope, proxies)
    assert seen.get("client", ("",))[0] == client  # type: ignore[index]
    assert seen["scheme"] == scheme


def test_figures_are_for_this_machine_or_for_whoever_has_the_token(monkeypatch: pytest.MonkeyPatch) -> None:
    assert may_watch("127.0.0.1", {})
    assert may_watch("::1", {})
    assert not may_watch("203.0.113.9", {})
    assert not may_watch("127.0.0.1", {"x-forwarded-for": "203.0.113.9"})
    monkeypatch.setenv("KAKEHASHI_METRICS_TOKEN", "secret")
    assert may_watch("203.0.113.9", {"authorization": "Bearer secret"})
    assert not may_watch("127.0.0.1", {"authorization": "Bearer secreT"})


@pytest.mark.django_db
def test_figures_tell_of_requests_jobs_and_the_sync(client: Client) -> None:
    joined = make_joined()
    make_record(joined.org, "Contacts", actor=joined.administrator.actor)
    client.get("/nowhere")
    answer = client.get(reverse("metrics"))
    figures = {one.name: one for one in text_string_to_metric_families(answer.content.decode())}
    assert answer["Content-Type"].startswith("text/plain; version=0.0.4")
    assert any(
        sample.labels == {"view": "none", "method": "GET", "status": "404"}
        for sample in figures["kakehashi_requests"].samples
    )
    assert {
        "kakehashi_request_seconds",
        "kakehashi_jobs_waiting",
        "kakehashi_workers",
        "kakehashi_lag_seconds",
    } <= figures.keys()
    assert figures["kakehashi_events"].samples[0].value > 0
    assert client.get(reverse("metrics"), headers={"x-forwarded-for": "203.0.113.9"}).status_code == 404


@pytest.mark.django_db
@override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=100, DATA_UPLOAD_MAX_NUMBER_FIELDS=3)
def test_what_is_too_much_is_refused_in_words() -> None:
    client = Client(headers={"accept-language": "ja"})
    much = client.post(reverse("account_login"), {"login": "x" * 200}, content_type="application/x-www-form-urlencoded")
    assert much.status_code == 413
    assert "一度に送るには大きすぎます" in much.content.decode()
    many = client.post(reverse("account_login"), {str(number): "" for number in range(5)})
    assert many.status_code == 400
    assert "分けて送って" in many.content.decode()


@pytest.mark.django_db
def test_every_page_tells_the_browser_to_be_strict(client: Client) -> None:
    for path in (reverse("account_login"), "/nowhere"):
        headers = client.get(path).headers
        assert "script-src 'self'" in headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert "geolocation=()" in headers["Permissions-Policy"]
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert len(headers["X-Request-ID"]) == 32
    with override_settings(SECURE_HSTS_SECONDS=60):
        assert Client().get("/nowhere", secure=True).headers["Strict-Transport-Security"] == "max-age=60"
    assert client.get(reverse("account_login")).cookies["csrftoken"]["httponly"]


@pytest.mark.django_db
def test_a_subscriber_is_late_by_its_own_waiting_and_not_by_what_does_not_concern_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(loop, "_topics", {"test.reader": ["test.thing.happened"]})
    joined = make_joined()
    now = clock.now()
    old = Fact(joined.org.tenant, "test.thing.happened", "thing", 1)
    write_past_facts([(old, Actor(None, "Maker"), now - timedelta(days=400))])
    move_cursor("test.reader", start_of_log())
    [lag] = lags()
    assert (lag.events, lag.seconds < 60) == (1, True)
    Cursor.objects.update(moved_at=now - timedelta(minutes=5))
    [lag] = lags()
    assert 300 <= lag.seconds < 600
    monkeypatch.setattr(loop, "_topics", {"test.reader": ["test.other.happened"]})
    assert lags()[0].seconds == 0
    Cursor.objects.update(paused_at=now)
    assert lags() == []
