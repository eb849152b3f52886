"""Working time: arithmetic over the hours of a week and holidays. Pure: no database, no clock.

Spans are local times of the calendar's zone; what is counted is real time, so a night in which the clocks change has 7 or 9 hours of 8.
"""

from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MINUTES_A_DAY = 24 * 60
_LONGEST_WAIT = timedelta(days=3 * 366)


@dataclass(frozen=True, slots=True)
class Span:
    """From a minute of the day to another, 0 to 1440; the end is not part of it."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class WorkingTime:
    """`week` holds the spans of Monday to Sunday, in order and apart from each other; on `holidays` nobody works."""

    zone: ZoneInfo
    week: tuple[tuple[Span, ...], ...]
    holidays: Container[date] = field(default_factory=frozenset)

    def after(self, moment: datetime, seconds: float) -> datetime | None:
        """When that much working time has passed since `moment`; None when nobody works for three years.

        With no time left it is `moment` itself, also at night: what is late is late.
        """
        if seconds <= 0:
            return moment
        left = timedelta(seconds=seconds)
        for start, end in self.spans(moment, moment + _LONGEST_WAIT):
            if end - start >= left:
                return start + left
            left -= end - start
        return None

    def before(self, moment: datetime, seconds: float) -> datetime | None:
        """The latest moment from which that much working time passes until `moment`; None when nobody worked for three years."""
        if seconds <= 0:
            return moment
        left, day = timedelta(seconds=seconds), moment.astimezone(self.zone).date()
        last = day - _LONGEST_WAIT
        while day >= last:
            for span in reversed(() if day in self.holidays else self.week[day.weekday()]):
                opens, closes = self._instant(day, span.start), min(self._instant(day, span.end), moment)
                if closes - opens >= left:
                    return closes - left
                left -= max(closes - opens, timedelta())
            day -= timedelta(days=1)
        return None

    def between(self, start: datetime, end: datetime) -> float:
        """Seconds of working time from one moment to another; 0 when the second is not later."""
        return sum((span_end - span_start).total_seconds() for span_start, span_end in self.spans(start, end))

    def spans(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The stretches of working time between two moments, in UTC."""
        day, last = start.astimezone(self.zone).date(), end.astimezone(self.zone).date()
        while day <= last:
            if day not in self.holidays:
                for span in self.week[day.weekday()]:
                    opens, closes = max(self._instant(day, span.start), start), min(self._instant(day, span.end), end)
                    if opens < closes:
                        yield opens, closes
            day += timedelta(days=1)

    def _instant(self, day: date, minute: int) -> datetime:
        days, minute = divmod(minute, MINUTES_A_DAY)
        local = datetime.combine(day + timedelta(days=days), time(minute // 60, minute % 60), self.zone)
        return local.astimezone(UTC)


AROUND_THE_CLOCK = WorkingTime(ZoneInfo("UTC"), ((Span(0, MINUTES_A_DAY),),) * 7)
