"""The hours of a week as people type them. Pure."""

import itertools
from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from kakehashi.core.errors import Text
from kakehashi.desk.deadlines.working_time import MINUTES_A_DAY

Day = list[list[int]]
OFFICE_DAY: Day = [[9 * 60, 12 * 60], [13 * 60, 18 * 60]]
OFFICE_WEEK: list[Day] = [OFFICE_DAY] * 5 + [[], []]


def problem_of_day(spans: Day) -> Text:
    """Why these spans are no day's hours; "" if they are."""
    for start, end in spans:
        if not 0 <= start < end <= MINUTES_A_DAY:
            return _("The end must be later than the start.")
    in_order = sorted(spans)
    if any(first[1] > second[0] for first, second in itertools.pairwise(in_order)):
        return _("These hours overlap.")
    return ""


def clock_text(minute: int) -> str:
    """09:30; midnight at the end of a day is 24:00."""
    return f"{minute // 60:02}:{minute % 60:02}"


def minutes_of_week(week: Sequence[Sequence[Sequence[int]]]) -> int:
    return sum(end - start for day in week for start, end in day)
