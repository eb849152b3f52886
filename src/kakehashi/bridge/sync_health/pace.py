"""How far behind the sync is, and how much it carried across lately."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Count, Min
from django.db.models.functions import TruncDate, TruncHour
from django.utils import timezone

from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.sync.models import Dirty
from kakehashi.bridge.sync.outcome_models import JournalRow
from kakehashi.core import clock

HOURS, DAYS = 24, 14
TOO_LONG = timedelta(minutes=5)
# What was written on a side because of the other; what only was decided or lost is no change carried across.
_CARRIED = (
    JournalRow.Kind.CREATED,
    JournalRow.Kind.UPDATED,
    JournalRow.Kind.REMOVED,
    JournalRow.Kind.RESTORED,
)


@dataclass(frozen=True, slots=True)
class Lag:
    """`oldest`: since when the oldest change waits. `unread`: changes that the log holds and the sync has not read."""

    oldest: datetime | None
    unread: int
    is_paused: bool

    @property
    def seconds(self) -> float:
        return (clock.now() - self.oldest).total_seconds() if self.oldest else 0.0

    @property
    def is_too_long(self) -> bool:
        """Nothing waits for minutes while a worker runs."""
        return not self.is_paused and self.seconds > TOO_LONG.total_seconds()


@dataclass(frozen=True, slots=True)
class Pace:
    """Changes carried across: in each of the last 24 hours and of the last 14 days, the present one last."""

    hours: Sequence[int]
    days: Sequence[int]


def lag_of(connection: Connection, *, unread: int) -> Lag:
    waiting = Dirty.objects.filter(connection=connection, reason="", attempts=0)
    oldest = waiting.aggregate(oldest=Min("first_seen_at"))["oldest"]
    return Lag(oldest, unread, is_paused=not connection.is_alive or connection.is_paused or connection.is_planned)


def pace_of(connection: Connection) -> Pace:
    """In the reader's time zone. Reads no more of the journal than these days' lines."""
    now = timezone.localtime(clock.now())
    this_hour = now.replace(minute=0, second=0, microsecond=0)
    first_day = now.date() - timedelta(days=DAYS - 1)
    hours = [this_hour - timedelta(hours=step) for step in reversed(range(HOURS))]
    by_hour = _counted(connection, TruncHour("at"), since=hours[0])
    by_day = _counted(connection, TruncDate("at"), since=timezone.make_aware(datetime.combine(first_day, time())))
    return Pace(
        [by_hour[hour] for hour in hours],
        [by_day[first_day + timedelta(days=step)] for step in range(DAYS)],
    )


def _counted(connection: Connection, step: TruncHour | TruncDate, *, since: datetime) -> Counter[object]:
    lines = JournalRow.objects.filter(connection=connection)
    before = lines.filter(at__lt=since).order_by("-pk").values_list("pk", flat=True).first()
    recent = lines.filter(pk__gt=before or 0, at__gte=since, kind__in=_CARRIED).order_by()
    return Counter(dict(recent.annotate(step=step).values_list("step").annotate(Count("id"))))
