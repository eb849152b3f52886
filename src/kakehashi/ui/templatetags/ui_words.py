"""Filters that write moments, durations, sizes and money in the reader's language and time zone."""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from babel.dates import format_skeleton
from babel.numbers import format_currency, format_decimal
from django import template
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from kakehashi.core import clock

register = template.Library()
_DIGITS = re.compile(r"([0-9][0-9.,]*)")
_PARTS_OF_ADDRESS = re.compile(r"(?=@)|(?<=[.])")
WEEKDAYS_JA = "月火水木金土日"


@register.filter
def moment(value: datetime | None) -> str:
    """A point in time, as short as it stays clear: 10:42 · 昨日 16:20 · 11/19 08:44 · 2025/11/19 08:44."""
    if value is None:
        return ""
    local, today = timezone.localtime(value), timezone.localdate(clock.now())
    time = f"{local:%H:%M}"
    days = (today - local.date()).days
    if days == 0:
        return time
    if days == 1:
        return _("yesterday %(time)s") % {"time": time}
    if local.year == today.year:
        return f"{_short_day(local.date())} {time}"
    return f"{_numeric_day(local.date())} {time}"


@register.filter
def moment_full(value: datetime | None) -> str:
    """The whole of it, for titles: 2026年11月19日（木） 08:44."""
    return f"{day(value)} {timezone.localtime(value):%H:%M}" if value else ""


@register.filter
def day(value: date | datetime | None) -> str:
    """2026年11月19日（木） · Thu, Nov 19, 2026."""
    if value is None:
        return ""
    local = timezone.localtime(value).date() if isinstance(value, datetime) else value
    if _is_japanese():
        return f"{local.year}年{local.month}月{local.day}日（{WEEKDAYS_JA[local.weekday()]}）"
    return in_skeleton("yMMMEd", local, "en")


@register.filter
def short_day(value: date | datetime | None) -> str:
    """11/19 · Nov 19."""
    if value is None:
        return ""
    return _short_day(timezone.localtime(value).date() if isinstance(value, datetime) else value)


@register.filter
def numeric_day(value: date | None) -> str:
    """2026/11/19 · Nov 19, 2026."""
    return _numeric_day(value) if value else ""


@register.filter
def small_units(text: str) -> SafeString:
    """A figure for a tile: its digits large, what stands between them in <small>."""
    parts = [part for part in _DIGITS.split(str(text)) if part]
    return format_html_join(
        "", "{}", ((part if part[0].isdigit() else format_html("<small>{}</small>", part),) for part in parts)
    )


@register.filter
def ago(value: datetime | None) -> str:
    """たった今 · 12分前 · 3時間前 · 昨日 16:20 · 11/19."""
    if value is None:
        return ""
    minutes = int((clock.now() - value).total_seconds() // 60)
    if minutes < 1:
        return _("just now")
    if minutes < 60:
        return ngettext("%(count)d minute ago", "%(count)d minutes ago", minutes) % {"count": minutes}
    if minutes < 60 * 12 or timezone.localtime(value).date() == timezone.localdate(clock.now()):
        hours = minutes // 60
        return ngettext("%(count)d hour ago", "%(count)d hours ago", hours) % {"count": hours}
    if (timezone.localdate(clock.now()) - timezone.localtime(value).date()).days == 1:
        return moment(value)
    local = timezone.localtime(value).date()
    return _short_day(local) if local.year == timezone.localdate(clock.now()).year else _numeric_day(local)


@register.filter
def duration(value: timedelta | float | None) -> str:
    """A length of time (a timedelta or seconds) in its two largest units: 2時間10分 · 1日と4時間 · 45分."""
    if value is None:
        return ""
    seconds = abs(value.total_seconds() if isinstance(value, timedelta) else float(value))
    minutes = int(seconds // 60)
    days, rest = divmod(minutes, 60 * 24)
    hours, minutes = divmod(rest, 60)
    if days and hours:
        return _("%(days)s %(hours)s") % {"days": _days(days), "hours": _hours(hours)}
    if days:
        return _days(days)
    if hours and minutes:
        return _("%(hours)s %(minutes)s") % {"hours": _hours(hours), "minutes": _minutes(minutes)}
    return _hours(hours) if hours else _minutes(minutes)


@lru_cache(maxsize=2048)
def in_skeleton(skeleton: str, value: date, locale: str) -> str:
    """As CLDR has a locale write these parts of a day. Pages write the same few days over and over."""
    return format_skeleton(skeleton, value, locale=locale)


def hours_and_minutes(minutes: int | None) -> str:
    """Never in days: a day of working time is not a day."""
    if minutes is None:
        return ""
    hours, rest = divmod(minutes, 60)
    if hours >= 24:
        whole = _hours(hours)
        return _("%(hours)s %(minutes)s") % {"hours": whole, "minutes": duration(rest * 60)} if rest else whole
    return duration(minutes * 60)


@register.filter
def file_size(value: int | None) -> str:
    """412 KB, 3.1 MB."""
    if value is None:
        return ""
    size = float(value)
    for unit in ("B", "KB", "MB"):
        if size < 1024:
            return f"{size:.0f} {unit}" if unit != "MB" or size >= 100 else f"{size:.1f} {unit}"
        size /= 1024
    return f"{size:.1f} GB"


@register.filter
def money(value: Any, currency: str = "JPY") -> str:
    """¥4,860,000: in the currency's own digits, never shortened."""
    if value in {None, ""}:
        return ""
    try:
        text = format_currency(Decimal(str(value)), currency, locale=_locale())
    except (InvalidOperation, ValueError):
        return str(value)
    return text.replace("￥", "¥")


@register.filter
def number(value: Any) -> str:
    """4,182."""
    if type(value) is int:
        return f"{value:,}"  # as both languages write it; a page of statistics has dozens
    return "" if value in {None, ""} else format_decimal(value, locale=_locale())


def _short_day(value: date) -> str:
    return f"{value.month}/{value.day:02d}" if _is_japanese() else in_skeleton("MMMd", value, "en")


def _numeric_day(value: date) -> str:
    return f"{value:%Y/%m/%d}" if _is_japanese() else in_skeleton("yMMMd", value, "en")


def _is_japanese() -> bool:
    return (get_language() or "").startswith("ja")


def _locale() -> str:
    return "ja_JP" if _is_japanese() else "en"


def _days(count: int) -> str:
    return ngettext("%(count)d day", "%(count)d days", count) % {"count": count}


def _hours(count: int) -> str:
    return ngettext("%(count)d hour", "%(count)d hours", count) % {"count": count}


def _minutes(count: int) -> str:
    return ngettext("%(count)d min", "%(count)d min", count) % {"count": count}


@register.filter
def breakable(address: str) -> SafeString:
    """An e-mail address that may go on in the next line where a reader would part it: before the @, after a dot."""
    return format_html_join(mark_safe("<wbr>"), "{}", ((part,) for part in _PARTS_OF_ADDRESS.split(address)))
