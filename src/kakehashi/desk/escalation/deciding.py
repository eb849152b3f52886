"""Which levels of escalation fire for a ticket, and when. Pure: no database, no clock."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from kakehashi.desk.deadlines.working_time import WorkingTime
from kakehashi.desk.overdue.models import Deadline

from .models import Side

_TOLERANCE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Step:
    """A level as far as the clock is concerned. `seconds` are counted in working time, or by the clock."""

    level_id: int
    deadline: Deadline
    side: Side
    seconds: float
    is_working_time: bool
    counts_from: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """What a ticket's clocks say. While it is held nothing fires; what passed meanwhile fires when it goes on."""

    due: Mapping[Deadline, datetime | None]
    is_held: bool = False


@dataclass(frozen=True, slots=True)
class Firing:
    """`moment` is when the level was to fire, for this due moment."""

    level_id: int
    due_at: datetime
    moment: datetime


def firings(
    steps: Iterable[Step], standing: Standing, fired: Collection[tuple[int, datetime]], now: datetime, time: WorkingTime
) -> list[Firing]:
    """Those whose moment has come and that have not fired for this due moment (`fired`: level, due moment); the earliest first."""
    return [] if standing.is_held else [one for one in _open(steps, standing, fired, time) if one.moment <= now]


def next_firing(
    steps: Iterable[Step], standing: Standing, fired: Collection[tuple[int, datetime]], now: datetime, time: WorkingTime
) -> Firing | None:
    """The first that is still to come, if nothing happens until then."""
    return None if standing.is_held else next(iter(_open(steps, standing, fired, time)), None)


def moment_of(step: Step, due_at: datetime, time: WorkingTime) -> datetime | None:
    """None when nobody works for three years."""
    if step.is_working_time:
        return (time.before if step.side == Side.BEFORE else time.after)(due_at, step.seconds)
    offset = timedelta(seconds=step.seconds)
    return due_at - offset if step.side == Side.BEFORE else due_at + offset


def window_of(step: Step, now: datetime, times: Collection[WorkingTime]) -> tuple[datetime, datetime]:
    """Every ticket for which the level's moment has come is due after the first and not after the second of these, whichever of
    the calendars is its own. So a range of an index holds all candidates; some in it may not be due yet.
    """
    offset = timedelta(seconds=step.seconds)
    if step.side == Side.AFTER:
        lowest = min(
            time.before(step.counts_from, step.seconds) or datetime.min.replace(tzinfo=now.tzinfo) for time in times
        )
        return (lowest if step.is_working_time else step.counts_from - offset), now - offset
    far = [time.after(now, step.seconds + _TOLERANCE.total_seconds()) for time in times]
    highest = max((moment for moment in far if moment), default=now)
    return step.counts_from + offset, (highest if step.is_working_time else now + offset)


def _open(
    steps: Iterable[Step], standing: Standing, fired: Collection[tuple[int, datetime]], time: WorkingTime
) -> list[Firing]:
    found = []
    for step in steps:
        due_at = standing.due.get(step.deadline)
        if due_at is None or (step.level_id, due_at) in fired:
            continue
        moment = moment_of(step, due_at, time)
        if moment is not None and moment > step.counts_from:
            found.append(Firing(step.level_id, due_at, moment))
    return sorted(found, key=lambda one: (one.moment, one.level_id))
