"""Which hours count for a ticket, and what a calendar looks like to people."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import get_language

from kakehashi.core import clock
from kakehashi.core.fixed_reads import fixed_read
from kakehashi.desk.deadlines.working_time import AROUND_THE_CLOCK, WorkingTime
from kakehashi.desk.portals.models import Portal

from .days import working_time
from .models import Calendar, CalendarUse, OwnDay
from .public_holidays import public_holidays


@dataclass(frozen=True, slots=True)
class Hours:
    """All calendars of a portal, read at once. A customer's calendar stands before the department's, that before the default."""

    calendars: Mapping[int, Calendar] = field(default_factory=dict)
    times: Mapping[int, WorkingTime] = field(default_factory=dict)
    by_department: Mapping[int, int] = field(default_factory=dict)
    by_account: Mapping[int, int] = field(default_factory=dict)

    def calendar_for(self, department_id: int | None, account_id: int | None) -> Calendar | None:
        """None where a portal has no calendar: then every hour counts."""
        chosen = self.by_account.get(account_id or 0) or self.by_department.get(department_id or 0)
        if chosen:
            return self.calendars[chosen]
        return next((calendar for calendar in self.calendars.values() if calendar.is_default), None)

    def time_for(self, department_id: int | None, account_id: int | None) -> WorkingTime:
        calendar = self.calendar_for(department_id, account_id)
        return self.times[calendar.pk] if calendar else AROUND_THE_CLOCK


def hours_of(portal: Portal) -> Hours:
    """Three queries, however many calendars there are."""
    calendars = {calendar.pk: calendar for calendar in _calendars(portal.pk)}
    own: defaultdict[int, dict[date, bool]] = defaultdict(dict)
    for calendar_id, on, is_working in _own_days(portal.pk):
        own[calendar_id][on] = is_working
    uses = _uses(portal.pk)
    return Hours(
        calendars,
        {pk: working_time(one.time_zone, one.week, one.country, own[pk]) for pk, one in calendars.items()},
        {use.department_id: use.calendar_id for use in uses if use.department_id},
        {use.account_id: use.calendar_id for use in uses if use.account_id},
    )


@fixed_read
def _calendars(portal_id: int) -> QuerySet[Calendar]:
    return Calendar.objects.filter(portal_id=portal_id)


@fixed_read
def _own_days(portal_id: int) -> QuerySet[OwnDay, tuple[int, date, bool]]:
    return OwnDay.objects.filter(calendar__portal_id=portal_id).values_list("calendar_id", "on", "is_working")


@fixed_read
def _uses(portal_id: int) -> QuerySet[CalendarUse]:
    return CalendarUse.objects.filter(calendar__portal_id=portal_id)


def time_of(calendar: Calendar) -> WorkingTime:
    own = {day.on: day.is_working for day in calendar.own_days.all()}
    return working_time(calendar.time_zone, calendar.week, calendar.country, own)


@dataclass(frozen=True, slots=True)
class ListedDay:
    """A day as the settings list it; `own` where it was entered here."""

    on: date
    name: str
    own: OwnDay | None = None

    @property
    def is_working(self) -> bool:
        return self.own is not None and self.own.is_working


def listed_days(calendar: Calendar) -> list[tuple[int, list[ListedDay]]]:
    """The holidays of this and next year, by year."""
    own = {day.on: day for day in calendar.own_days.all()}
    this_year = clock.now().astimezone(time_of(calendar).zone).year
    years = []
    for year in (this_year, this_year + 1):
        public = public_holidays(calendar.country, year, get_language() or "en")
        days = sorted({*public, *(on for on in own if on.year == year)})
        named = [ListedDay(on, (own[on].name if on in own else "") or public.get(on, ""), own.get(on)) for on in days]
        years.append((year, named))
    return years
