"""What people and spreadsheet programs write into cells, as the fields read it. Pure."""

import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from functools import partial

from django.utils.translation import gettext_noop

from kakehashi.core.fields.reasons import ValueRefused
from kakehashi.core.fields.schema import FieldSchema
from kakehashi.core.fields.types import FieldType

from .columns import DAY_FIRST, MONTH_FIRST, Column, is_date, is_postal_code

_AS_TEXT = re.compile(r'="((?:[^"]|"")*)"')
_KEPT_BY_APOSTROPHE = re.compile(r"'(?=[=+\-@\d\t])")
_HONORIFIC = re.compile(r"(?<=.)[\s\u3000]*(?:様|さま|殿|御中|先生|さん)$")
_BETWEEN_PHONES = re.compile(r"[;,、\n]+")
_SHORTENED = re.compile(r"\d(?:\.\d+)?E\+\d+", re.IGNORECASE)
_BARE_PHONE = re.compile(r"[1-9]\d{8,9}")
_BARE_POSTAL_CODE = re.compile(r"\d{6}")
_ERA_STARTS = {"明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018}
_ERA_LETTERS = {"M": "明治", "T": "大正", "S": "昭和", "H": "平成", "R": "令和"}
_ERA_DAY = re.compile(
    r"(明治|大正|昭和|平成|令和|[MTSHR])\s*(元|\d{1,2})\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})日?", re.IGNORECASE
)
_TWO_ENDED_DAY = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})")
_YEAR_LED_DAY = re.compile(r"(\d{4})\s*[年/.\-]\s*(\d{1,2})\s*[月/.\-]\s*(\d{1,2})日?")
_WEEKDAY = re.compile(r"\s*\((?:[月火水木金土日]|mon|tue|wed|thu|fri|sat|sun)(?:曜日?)?\)", re.IGNORECASE)
_MONEY = (FieldType.CURRENCY, FieldType.DECIMAL, FieldType.INTEGER)
_LARGE = re.compile(r"(-?[\d.]+)(千|百万|万|億)")
_NUMBER = re.compile(r"-?\d+(?:\.\d*)?")
_SCALES = {"千": 1_000, "万": 10_000, "百万": 1_000_000, "億": 100_000_000}
_AROUND_MONEY = re.compile(r"[\s,¥円$€£]|JPY|也")

SHORTENED = gettext_noop(
    "A spreadsheet program has shortened “%(value)s”. Format the column as text and save the file again."
)


def plain_cell(cell: str) -> str:
    """A cell without what spreadsheet programs put around it: ="0123" and the leading apostrophe of '0123."""
    text = cell.strip()
    if text[:1] == "=" and (kept := _AS_TEXT.fullmatch(text)):
        return kept[1].replace('""', '"').strip()
    return _KEPT_BY_APOSTROPHE.sub("", text, count=1) if text.startswith("'") else text


def reader_of(field: FieldSchema, column: Column, *, is_japanese: bool) -> Callable[[str], str] | None:
    """How a plain cell becomes what its field reads; None where it is that already. Settled once, asked for every row.

    The reader raises `ValueRefused` where the program that saved the file has spoilt the cell.
    """
    restores_zero = column.restores_zero and is_japanese
    if is_date(field):
        return partial(read_day, day_order=column.day_order)
    if field.type in _MONEY:
        return read_amount
    if field.type == FieldType.PHONE:
        return partial(read_phone, restores_zero=restores_zero)
    if field.type == FieldType.PHONES:
        return partial(_read_phones, restores_zero=restores_zero)
    return _read_postal_code if restores_zero and is_postal_code(field) else None


def _read_phones(text: str, *, restores_zero: bool) -> str:
    return ";".join(read_phone(part, restores_zero=restores_zero) for part in _BETWEEN_PHONES.split(text))


def _read_postal_code(text: str) -> str:
    plain = _narrow(text)
    return f"0{plain}" if _BARE_POSTAL_CODE.fullmatch(plain) else text


def without_honorific(text: str) -> str:
    """「相沢 美咲 様」 is 相沢 美咲."""
    return _HONORIFIC.sub("", text).strip()


def read_day(text: str, day_order: str) -> str:
    """Years of the Japanese calendar, weekdays in brackets and days written the other way round, as 2026-11-25; a time stays behind it."""
    plain = _WEEKDAY.sub("", _narrow(text))
    for pattern, read in ((_ERA_DAY, _era_day), (_YEAR_LED_DAY, _year_led_day)):
        if found := pattern.match(plain):
            return read(found) + _time_after(plain[found.end() :])
    if day_order in (DAY_FIRST, MONTH_FIRST) and (found := _TWO_ENDED_DAY.match(plain)):
        first, second, year = found.groups()
        day, month = (first, second) if day_order == DAY_FIRST else (second, first)
        return f"{year}-{int(month):02}-{int(day):02}" + _time_after(plain[found.end() :])
    return text


def read_amount(text: str) -> str:
    """¥1,200, 1,200円, 120万円, 1.5億, ▲1,200 and (1,200) as digits; what is no amount stays as it is."""
    plain = _AROUND_MONEY.sub("", _narrow(text))
    is_negative = plain[:1] in ("▲", "△", "▼") or (plain.startswith("(") and plain.endswith(")"))
    plain = plain.lstrip("▲△▼").strip("()").replace("−", "-")
    if large := _LARGE.fullmatch(plain):
        plain = _scaled(large[1], _SCALES[large[2]])
    plain = f"-{plain}" if is_negative and plain[:1] != "-" else plain
    return plain if _NUMBER.fullmatch(plain) else text


def read_phone(text: str, *, restores_zero: bool) -> str:
    """A number that a spreadsheet took for a sum lost its leading 0: 312345678 was 03-1234-5678."""
    plain = _narrow(text)
    if _SHORTENED.fullmatch(plain):
        raise ValueRefused(SHORTENED, value=text[:40])
    return f"0{plain}" if restores_zero and _BARE_PHONE.fullmatch(plain) else text


def _narrow(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _era_day(found: re.Match[str]) -> str:
    name, year, month, day = found.groups()
    start = _ERA_STARTS[_ERA_LETTERS.get(name.upper(), name)]
    return f"{start + (1 if year == '元' else int(year))}-{int(month):02}-{int(day):02}"


def _year_led_day(found: re.Match[str]) -> str:
    year, month, day = map(int, found.groups())
    return f"{year:04}-{month:02}-{day:02}"


def _time_after(rest: str) -> str:
    time = rest.strip().removeprefix("T").strip()
    return f" {time}" if time else ""


def _scaled(number: str, scale: int) -> str:
    try:
        return format((Decimal(number) * scale).normalize(), "f")
    except InvalidOperation:
        return number
