"""Moments, lengths and amounts are written as the reader reads them."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone, translation

from kakehashi.core import clock
from kakehashi.ui.templatetags import ui_words as words

NOW = datetime(2026, 11, 19, 1, 42, tzinfo=UTC)  # 10:42 in Tokyo


@pytest.fixture(autouse=True)
def _thursday_morning_in_tokyo() -> Iterator[None]:
    with clock.frozen_at(NOW), timezone.override("Asia/Tokyo"):
        yield


@pytest.mark.parametrize(
    ("before", "japanese", "english"),
    [
        (timedelta(minutes=12), "10:30", "10:30"),
        (timedelta(hours=18, minutes=22), "昨日 16:20", "yesterday 16:20"),
        (timedelta(days=5), "11/14 10:42", "Nov 14 10:42"),
        (timedelta(days=365), "2025/11/19 10:42", "Nov 19, 2025 10:42"),
    ],
)
def test_a_moment_is_as_short_as_it_stays_clear(before: timedelta, japanese: str, english: str) -> None:
    assert words.moment(NOW - before) == english
    with translation.override("ja"):
        assert words.moment(NOW - before) == japanese


def test_a_moment_is_told_in_the_readers_zone() -> None:
    with timezone.override("Europe/London"):
        assert words.moment(NOW) == "01:42"


@pytest.mark.parametrize(
    ("before", "japanese", "english"),
    [
        (timedelta(seconds=20), "たった今", "just now"),
        (timedelta(minutes=1), "1分前", "1 minute ago"),
        (timedelta(minutes=12), "12分前", "12 minutes ago"),
        (timedelta(hours=3), "3時間前", "3 hours ago"),
        (timedelta(hours=18, minutes=22), "昨日 16:20", "yesterday 16:20"),
        (timedelta(days=5), "11/14", "Nov 14"),
    ],
)
def test_ago_counts_until_it_is_easier_to_name_the_day(before: timedelta, japanese: str, english: str) -> None:
    assert words.ago(NOW - before) == english
    with translation.override("ja"):
        assert words.ago(NOW - before) == japanese


def test_a_day_names_its_weekday() -> None:
    assert words.day(date(2026, 11, 19)) == "Thu, Nov 19, 2026"
    with translation.override("ja"):
        assert words.day(NOW) == "2026年11月19日（木）"
        assert words.moment_full(NOW) == "2026年11月19日（木） 10:42"


@pytest.mark.parametrize(
    ("length", "japanese", "english"),
    [
        (timedelta(hours=2, minutes=10), "2時間10分", "2 hours 10 min"),
        (timedelta(days=1, hours=4, minutes=59), "1日と4時間", "1 day 4 hours"),
        (45 * 60, "45分", "45 min"),
        (timedelta(days=4), "4日", "4 days"),
        (0, "0分", "0 min"),
        (-3600, "1時間", "1 hour"),
    ],
)
def test_a_duration_has_two_units_at_most(length: timedelta | int, japanese: str, english: str) -> None:
    assert words.duration(length) == english
    with translation.override("ja"):
        assert words.duration(length) == japanese


def test_money_is_never_shortened() -> None:
    assert words.money("4860000", "JPY") == "¥4,860,000"
    assert words.money(1320.5, "USD") == "$1,320.50"
    with translation.override("ja"):
        assert words.money(4860000, "JPY") == "¥4,860,000"
    assert words.money("about ten", "JPY") == "about ten"


def test_sizes_and_numbers() -> None:
    assert [words.file_size(size) for size in (0, 900, 421_888, 3_250_000)] == ["0 B", "900 B", "412 KB", "3.1 MB"]
    assert words.number(4182) == "4,182"


def test_nothing_is_written_as_nothing() -> None:
    for write in (
        words.moment,
        words.day,
        words.short_day,
        words.ago,
        words.duration,
        words.file_size,
        words.money,
        words.number,
    ):
        assert write(None) == ""


def test_an_address_may_break_before_the_at_and_after_dots_only() -> None:
    assert words.breakable("a.b@c<d.example") == "a.<wbr>b<wbr>@c&lt;d.<wbr>example"
