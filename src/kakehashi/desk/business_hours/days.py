"""Which days nobody works. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from kakehashi.desk.deadlines.working_time import Span, WorkingTime

from .public_holidays import public_holidays


@dataclass(frozen=True, slots=True)
class DaysOff:
    """A country's holidays, with the days of one's own in front: True for a day on which one works all the same."""

    country: str
    own: Mapping[date, bool]

    def __contains__(self, day: object) -> bool:
        if not isinstance(day, date):
            return False
        if (is_working := self.own.get(day)) is not None:
            return not is_working
        return day in public_holidays(self.country, day.year)


def working_time(
    zone: str, week: Sequence[Sequence[Sequence[int]]], country: str, own: Mapping[date, bool]
) -> WorkingTime:
    spans = tuple(tuple(Span(start, end) for start, end in day) for day in week)
    return WorkingTime(ZoneInfo(zone), spans, DaysOff(country, own))
