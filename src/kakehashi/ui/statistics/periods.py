"""The stretch of time that statistics are about, in the portal's own days, and the steps in which plots show it. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

_DAY = timedelta(days=1)
_MOST_MONTHS = 24


class Period(StrEnum):
    """What a person may choose, as it stands in addresses."""

    THIS_WEEK = "this_week"
    THIS_MONTH = "this_month"
    LAST_30_DAYS = "last_30_days"
    LAST_90_DAYS = "last_90_days"
    LAST_12_MONTHS = "last_12_months"
    ALL = "all"


class Basis(StrEnum):
    """Which time averages count."""

    WORKING = "working"
    REAL = "real"


class Step(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Span:
    """From a day to another, both of them part of it."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Window:
    """`first` is None where the period has no beginning; `last` is today."""

    period: Period
    first: date | None
    last: date

    @property
    def counts_days(self) -> bool:
        """Whether it may begin within a month, so that months are too coarse."""
        return self.period not in (Period.LAST_12_MONTHS, Period.ALL)


def window_of(period: Period, today: date) -> Window:
    """Weeks begin on Monday; twelve months are this one and the eleven before."""
    firsts = {
        Period.THIS_WEEK: today - today.weekday() * _DAY,
        Period.THIS_MONTH: today.replace(day=1),
        Period.LAST_30_DAYS: today - 29 * _DAY,
        Period.LAST_90_DAYS: today - 89 * _DAY,
        Period.LAST_12_MONTHS: _month(today, -11),
    }
    return Window(period, firsts.get(period), today)


def steps_of(window: Window, days: Sequence[date]) -> tuple[Step, list[Span]]:
    """The spans of a plot, from the beginning of the window, or from the first of `days` (in order) on which there is anything."""
    first = window.first or (days[0] if days else window.last.replace(day=1))
    step = _step(window, first)
    return step, list(_spans(first, window.last, step))


def _step(window: Window, first: date) -> Step:
    if window.counts_days:
        return Step.WEEK if window.period == Period.LAST_90_DAYS else Step.DAY
    months = (window.last.year - first.year) * 12 + window.last.month - first.month + 1
    return Step.MONTH if months <= _MOST_MONTHS else Step.YEAR


def _spans(first: date, last: date, step: Step) -> Iterator[Span]:
    while first <= last:
        following = _following(first, step)
        yield Span(first, min(following - _DAY, last))
        first = following


def _following(day: date, step: Step) -> date:
    """The first day of the next step."""
    if step == Step.DAY:
        return day + _DAY
    if step == Step.WEEK:
        return day + (7 - day.weekday()) * _DAY
    return _month(day, 1) if step == Step.MONTH else date(day.year + 1, 1, 1)


def _month(day: date, count: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, 1)
