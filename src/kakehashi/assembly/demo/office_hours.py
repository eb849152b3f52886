"""Working time of the demo company: weekdays, nine to six, Japan."""

from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

JAPAN = ZoneInfo("Asia/Tokyo")
OPENS, CLOSES = 9, 18
_SATURDAY = 5


def is_open(moment: datetime) -> bool:
    local = moment.astimezone(JAPAN)
    return local.weekday() < _SATURDAY and OPENS <= local.hour < CLOSES


def next_open(moment: datetime) -> datetime:
    """This moment if the office is open, else the next opening."""
    local = moment.astimezone(JAPAN)
    if local.hour >= CLOSES:
        local = _at(local + timedelta(days=1), OPENS)
    elif local.hour < OPENS:
        local = _at(local, OPENS)
    while local.weekday() >= _SATURDAY:
        local = _at(local + timedelta(days=1), OPENS)
    return local


def add_working(moment: datetime, minutes: int) -> datetime:
    """The moment that many working minutes later."""
    local = next_open(moment)
    left = timedelta(minutes=minutes)
    while left > (until_closing := _at(local, CLOSES) - local):
        left -= until_closing
        local = next_open(_at(local, CLOSES))
    return local + left


def subtract_working(moment: datetime, minutes: int) -> datetime:
    """The moment that many working minutes earlier."""
    local = _last_open(moment)
    left = timedelta(minutes=minutes)
    while left > (since_opening := local - _at(local, OPENS)):
        left -= since_opening
        local = _last_open(_at(local, OPENS) - timedelta(seconds=1))
    return local - left


def some_time_that_day(day: datetime, latest: datetime, chance: Random) -> datetime:
    """A moment at work on that day, or on the next working day; never after `latest`."""
    local = day.astimezone(JAPAN)
    moment = next_open(_at(local, OPENS)) + timedelta(minutes=chance.randrange((CLOSES - OPENS) * 60))
    return min(moment, subtract_working(latest, chance.randrange(20, 300)))


def _last_open(moment: datetime) -> datetime:
    local = moment.astimezone(JAPAN)
    if local.hour < OPENS:
        local = _at(local - timedelta(days=1), CLOSES)
    while local.weekday() >= _SATURDAY:
        local = _at(local - timedelta(days=1), CLOSES)
    return min(local, _at(local, CLOSES))


def _at(moment: datetime, hour: int) -> datetime:
    return moment.replace(hour=hour, minute=0, second=0, microsecond=0)
