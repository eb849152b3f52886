"""What a formula can do. Every function takes and gives plain values; None is an empty field, and most of what meets it is empty, too."""

import calendar
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from django.utils import timezone
from django.utils.translation import pgettext_lazy

from kakehashi.core.errors import Text

LONGEST_TEXT = 2_000


class Type(StrEnum):
    """What a part of a formula is. NOTHING is the word `empty`; it fits everywhere."""

    NUMBER = "number"
    TEXT = "text"
    DATE = "date"
    MOMENT = "datetime"
    TRUTH = "boolean"
    NOTHING = "nothing"


TYPE_WORDS: dict[Type, Text] = {
    Type.NUMBER: pgettext_lazy("in a formula", "number"),
    Type.TEXT: pgettext_lazy("in a formula", "text"),
    Type.DATE: pgettext_lazy("in a formula", "date"),
    Type.MOMENT: pgettext_lazy("in a formula", "date and time"),
    Type.TRUTH: pgettext_lazy("in a formula", "yes or no"),
    Type.NOTHING: pgettext_lazy("in a formula", "empty"),
}

N, T, D, M, B = Type.NUMBER, Type.TEXT, Type.DATE, Type.MOMENT, Type.TRUTH
EACH = (N, T, D, M, B)


@dataclass(frozen=True, slots=True)
class Signature:
    """Types taken and the type given. `repeats`: the last one may come any number of times; `optional`: so many may be left out."""

    takes: tuple[Type, ...]
    gives: Type
    run: Callable[..., Any]
    repeats: bool = False
    optional: int = 0
    takes_empty: bool = False  # else an empty argument makes the result empty

    def fits(self, given: Sequence[Type]) -> bool:
        fewest, most = len(self.takes) - self.optional, len(self.takes)
        if len(given) < fewest or (len(given) > most and not self.repeats):
            return False
        wanted = [*self.takes, *[self.takes[-1]] * (len(given) - most)]
        return all(one in (want, Type.NOTHING) for one, want in zip(given, wanted, strict=False))


def _round(number: Decimal, digits: Decimal = Decimal(0), how: str = ROUND_HALF_UP) -> Decimal | None:
    places = int(digits)
    return number.quantize(Decimal(1).scaleb(-places), rounding=how) if -15 <= places <= 10 else None


def _divide(one: Decimal, other: Decimal) -> Decimal | None:
    return one / other if other else None


def _remainder(one: Decimal, other: Decimal) -> Decimal | None:
    """With the sign of the divisor, as spreadsheets do."""
    return one - other * (one / other).to_integral_value(ROUND_FLOOR) if other else None


def _plus_days(day: date, days: Decimal) -> date | None:
    try:
        return day + timedelta(days=int(days))
    except OverflowError:
        return None


def _plus_months(day: date, months: Decimal) -> date | None:
    count = day.year * 12 + day.month - 1 + int(months)
    year, month = divmod(count, 12)
    if not 1 <= year <= 9999:
        return None
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _date(year: Decimal, month: Decimal, day: Decimal) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except (ValueError, OverflowError):
        return None


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text.strip().replace(",", ""))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _cut(text: str, count: Decimal, *, is_left: bool) -> str:
    letters = max(0, int(count))
    return text[:letters] if is_left else text[max(0, len(text) - letters) :]


def _joined(*parts: Any) -> str:
    return "".join(words_of(part) for part in parts)[:LONGEST_TEXT]


def words_of(value: Any) -> str:
    """A value inside a text."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return format(value.normalize() + 0, "f")
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    return value.isoformat() if isinstance(value, date) else str(value)


def _equal(one: Any, other: Any) -> bool:
    return (None if one == "" else one) == (None if other == "" else other)


def _first_filled(*values: Any) -> Any:
    return next((value for value in values if value not in (None, "")), None)


def _compared(run: Callable[[Any, Any], bool]) -> list[Signature]:
    return [Signature((kind, kind), B, run) for kind in (N, T, D, M)]


def _for_each(run: Callable[..., Any], *, before: tuple[Type, ...] = (), gives: Type | None = None) -> list[Signature]:
    """For two values of one type, whichever it is."""
    return [Signature((*before, kind, kind), gives or kind, run, takes_empty=True) for kind in EACH]


FUNCTIONS: dict[str, list[Signature]] = {
    "+": [Signature((N, N), N, lambda a, b: a + b), Signature((D, N), D, _plus_days), Signature((N, D), D, lambda a, b: _plus_days(b, a))],
    "-": [
        Signature((N, N), N, lambda a, b: a - b),
        Signature((D, D), N, lambda a, b: Decimal((a - b).days)),
        Signature((D, N), D, lambda a, b: _plus_days(a, -b)),
        Signature((M, M), N, lambda a, b: Decimal(int((a - b).total_seconds())) / 86_400),
    ],
    "*": [Signature((N, N), N, lambda a, b: a * b)],
    "/": [Signature((N, N), N, _divide)],
    "negative": [Signature((N,), N, lambda a: -a)],
    "&": [Signature((one, other), T, _joined, takes_empty=True) for one in EACH for other in EACH],
    "=": _for_each(_equal, gives=B),
    "<>": _for_each(lambda a, b: not _equal(a, b), gives=B),
    "<": _compared(lambda a, b: a < b),
    "<=": _compared(lambda a, b: a <= b),
    ">": _compared(lambda a, b: a > b),
    ">=": _compared(lambda a, b: a >= b),
    "and": [Signature((B, B), B, lambda *all_of: all(all_of), repeats=True, takes_empty=True)],
    "or": [Signature((B, B), B, lambda *any_of: any(any_of), repeats=True, takes_empty=True)],
    "not": [Signature((B,), B, lambda a: not a, takes_empty=True)],
    "if": _for_each(lambda condition, then, otherwise: then if condition else otherwise, before=(B,)),
    "isempty": [Signature((kind,), B, lambda a: a in (None, ""), takes_empty=True) for kind in EACH],
    "ifempty": [Signature((kind, kind), kind, _first_filled, repeats=True, takes_empty=True) for kind in EACH],
    "round": [Signature((N, N), N, _round, optional=1)],
    "floor": [Signature((N,), N, lambda a: a.to_integral_value(ROUND_FLOOR))],
    "ceiling": [Signature((N,), N, lambda a: a.to_integral_value(ROUND_CEILING))],
    "abs": [Signature((N,), N, abs)],
    "mod": [Signature((N, N), N, _remainder)],
    "min": [Signature((kind,), kind, lambda *all_of: min(all_of), repeats=True) for kind in (N, D, M)],
    "max": [Signature((kind,), kind, lambda *all_of: max(all_of), repeats=True) for kind in (N, D, M)],
    "len": [Signature((T,), N, lambda a: Decimal(len(a)))],
    "upper": [Signature((T,), T, str.upper)],
    "lower": [Signature((T,), T, str.lower)],
    "trim": [Signature((T,), T, lambda a: " ".join(a.split()))],
    "left": [Signature((T, N), T, lambda a, count: _cut(a, count, is_left=True))],
    "right": [Signature((T, N), T, lambda a, count: _cut(a, count, is_left=False))],
    "contains": [Signature((T, T), B, lambda a, part: part.casefold() in a.casefold())],
    "startswith": [Signature((T, T), B, lambda a, part: a.casefold().startswith(part.casefold()))],
    "text": [Signature((kind,), T, _joined) for kind in EACH],
    "number": [Signature((T,), N, _number)],
    "year": [Signature((D,), N, lambda a: Decimal(a.year))],
    "month": [Signature((D,), N, lambda a: Decimal(a.month))],
    "day": [Signature((D,), N, lambda a: Decimal(a.day))],
    "date": [
        Signature((N, N, N), D, _date),
        Signature((M,), D, lambda a: timezone.localtime(a).date()),
    ],
    "addmonths": [Signature((D, N), D, _plus_months)],
}  # fmt: skip

OPERATORS = ("+", "-", "*", "/", "negative", "&", "=", "<>", "<", "<=", ">", ">=")
