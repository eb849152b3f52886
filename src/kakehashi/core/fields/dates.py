"""Days and moments."""

import re
import unicodedata
from datetime import UTC, date, datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_noop

from .kind import Kind, Names
from .reasons import ValueRefused
from .schema import FieldSchema

_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_PACKED = re.compile(r"(\d{4})(\d{2})(\d{2})")
_TIME = re.compile(r"(\d{1,2})[:時](\d{1,2})(?:[:分](\d{1,2}))?[分秒]?(?:\.\d+)?")


class DateKind(Kind):
    """Canonical as "2026-11-19". Reads 2026-11-19, 2026/11/19, 2026.11.19, 20261119 and 2026年11月19日."""

    input_type = "date"

    def clean(self, value: Any, schema: FieldSchema) -> str | None:
        if isinstance(value, datetime):
            value = value.date()
        if isinstance(value, date):
            return value.isoformat()
        text = _plain(value)
        if not text:
            return None
        try:
            return _day(text.partition("T")[0].split(" ")[0]).isoformat()
        except ValueError:
            raise ValueRefused(
                gettext_noop("“%(value)s” is not a date. Write it as 2026-11-19."), value=text[:40]
            ) from None

    def display(self, value: Any, schema: FieldSchema, names: Names) -> str:
        return "" if value is None else show_day(date.fromisoformat(value))


class DatetimeKind(Kind):
    """Canonical in UTC to the second: "2026-11-19T08:44:00+00:00". Text without an offset is in the reader's time zone."""

    input_type = "datetime-local"

    def clean(self, value: Any, schema: FieldSchema) -> str | None:
        text = "" if isinstance(value, datetime) else _plain(value)
        if not isinstance(value, datetime) and not text:
            return None
        try:
            moment = value if isinstance(value, datetime) else _moment(text)
        except ValueError:
            raise ValueRefused(
                gettext_noop("“%(value)s” is not a date and time. Write it as 2026-11-19 08:44."), value=text[:40]
            ) from None
        if timezone.is_naive(moment):
            moment = timezone.make_aware(moment)
        return moment.astimezone(UTC).replace(microsecond=0).isoformat()

    def to_form(self, value: Any) -> str:
        return "" if value is None else f"{timezone.localtime(datetime.fromisoformat(value)):%Y-%m-%dT%H:%M}"

    def display(self, value: Any, schema: FieldSchema, names: Names) -> str:
        if value is None:
            return ""
        moment = timezone.localtime(datetime.fromisoformat(value))
        return f"{show_day(moment.date())} {moment:%H:%M}"


def show_day(day: date) -> str:
    """2026年11月19日（木） or 19 Nov 2026."""
    if (get_language() or "").startswith("ja"):
        return f"{day.year}年{day.month}月{day.day}日（{'月火水木金土日'[day.weekday()]}）"
    return date_format(day, "j M Y")


def _plain(value: Any) -> str:
    return unicodedata.normalize("NFKC", "" if value is None else str(value)).strip()


def _day(text: str) -> date:
    match = _DAY.fullmatch(text) or _PACKED.fullmatch(text)
    if not match:
        raise ValueError(text)
    year, month, day = map(int, match.groups())
    return date(year, month, day)


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        day, _, time = text.replace("T", " ").partition(" ")
        match = _TIME.fullmatch(time.strip()) if time else None
        if time and not match:
            raise
        hour, minute, second = (int(part or 0) for part in match.groups()) if match else (0, 0, 0)
        return datetime.combine(_day(day), datetime.min.time()).replace(hour=hour, minute=minute, second=second)
