"""How fast the work goes and how long it still takes."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kakehashi.ui.templatetags.ui_words import duration, number


@dataclass(frozen=True, slots=True)
class Pace:
    rows_per_second: float
    seconds_left: float


def pace_of(*, done: int, began_rows: int, total: int, began_at: datetime | None, now: datetime) -> Pace | None:
    """None until there is something to measure by."""
    seconds = (now - began_at).total_seconds() if began_at else 0
    fresh = done - began_rows
    if seconds < 1 or fresh <= 0:
        return None
    rate = fresh / seconds
    return Pace(rate, max(0, total - done) / rate)


def words_of(pace: Pace | None) -> str:
    if pace is None:
        return ""
    rate = _("%(count)s rows per second") % {"count": number(round(pace.rows_per_second))}
    return f"{rate} · {_left(pace.seconds_left)}"


def _left(seconds: float) -> str:
    if seconds < 60:
        count = max(1, round(seconds))
        return ngettext("about %(count)s second left", "about %(count)s seconds left", count) % {"count": count}
    return _("about %(time)s left") % {"time": duration(60 * round(seconds / 60))}
