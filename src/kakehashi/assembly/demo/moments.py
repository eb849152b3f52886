"""When people write: on working days, more in the late morning and early afternoon, and ever more of them as the company grows."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import accumulate
from math import exp
from random import Random

from kakehashi.assembly.demo.office_hours import JAPAN

DAYS = 365
_GROWTH_DAYS = 150  # in which they become nearly three times as many
_WEEKDAY_WEIGHTS = (1.25, 1.1, 1.0, 1.0, 0.95, 0.12, 0.08)
_HOUR_WEIGHTS = (0, 0, 0, 0, 0, 0, 1, 3, 9, 18, 22, 16, 8, 17, 19, 17, 15, 10, 5, 3, 2, 2, 1, 0)


def opening_moments(count: int, now: datetime, chance: Random) -> Iterator[datetime]:
    """That many moments of the last year, each before now."""
    today = now.astimezone(JAPAN).replace(hour=0, minute=0, second=0, microsecond=0)
    days = [today - timedelta(days=age) for age in range(DAYS)]
    weights = list(
        accumulate(_WEEKDAY_WEIGHTS[day.weekday()] * exp(-age / _GROWTH_DAYS) for age, day in enumerate(days))
    )
    latest = now - timedelta(minutes=9)
    while count:
        day = chance.choices(days, cum_weights=weights)[0]
        hour = chance.choices(range(24), weights=_HOUR_WEIGHTS)[0]
        moment = day + timedelta(hours=hour, minutes=chance.randrange(60), seconds=chance.randrange(60))
        if moment < latest:
            count -= 1
            yield moment
