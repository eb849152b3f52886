"""How far a ticket's clocks have run: a pure function of what happened to it and of what was promised (lessons G1).

The whole past is counted anew with the targets of today, so that neither a second pause nor a change of target can be forgotten.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from .working_time import WorkingTime


class Deed(StrEnum):
    """What moves a clock. The customer's word starts the response clock, ours stops it; both clocks stand while on hold or closed."""

    OPENED = "opened"
    HELD = "held"
    CLOSED = "closed"
    RESUMED = "resumed"
    ASKED = "asked"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class Step:
    deed: Deed
    at: datetime


@dataclass(frozen=True, slots=True)
class Targets:
    """What is promised, in seconds of working time; None promises nothing."""

    working_time: WorkingTime
    response_seconds: float | None = None
    resolution_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """How long somebody waited for it: in seconds, and in seconds of working time without pauses."""

    seconds: float
    working_seconds: float


@dataclass(frozen=True, slots=True)
class Clocks:
    """When the promises end: None while a clock stands, or where nothing was promised; a moment in the past once it is broken.

    A broken promise stays broken on hold. `answers` are the waits that ended with an answer of ours.
    `is_waiting` while a word of the customer's has no answer. `resolution_left` is what a standing clock has left of its target.
    `in_time_until` says of a closed ticket until when its closing would have kept the promise.
    """

    response_due_at: datetime | None
    resolution_due_at: datetime | None
    resolving_seconds: float
    answers: tuple[Answer, ...]
    is_waiting: bool = False
    resolution_left: float | None = None
    in_time_until: datetime | None = None


@dataclass(slots=True)
class Run:
    """A stretch in which a clock ran; one without an end runs still."""

    start: datetime
    end: datetime | None = None
    was_answered: bool = False


def read_clocks(steps: Sequence[Step], targets: Targets) -> Clocks:
    """`steps` in the order in which they happened; without any there is no ticket, and nothing runs."""
    runs = _runs(steps)
    waits = _waits(steps)
    open_wait = waits[-1] if waits and waits[-1].end is None else None
    time = targets.working_time
    return Clocks(
        response_due_at=_due(_within(runs, open_wait), targets.response_seconds, time) if open_wait else None,
        resolution_due_at=_due(runs, targets.resolution_seconds, time) if runs and not _is_closed(steps) else None,
        resolving_seconds=_total(runs, time),
        answers=tuple(_answer(runs, wait, wait.end, time) for wait in waits if wait.end and wait.was_answered),
        is_waiting=open_wait is not None,
        resolution_left=_left(runs, targets),
        in_time_until=_due(_as_if_open(runs, steps), targets.resolution_seconds, time) if _is_closed(steps) else None,
    )


def worked(steps: Sequence[Step], until: datetime, time: WorkingTime) -> float:
    """Seconds of working time that the clocks ran before a moment."""
    runs = _runs(steps)
    return _total(_within(runs, Run(runs[0].start, until)), time) if runs and runs[0].start < until else 0.0


def _runs(steps: Sequence[Step]) -> list[Run]:
    """While somebody on our side can work on it."""
    runs: list[Run] = []
    for step in steps:
        is_running = bool(runs) and runs[-1].end is None
        if step.deed in (Deed.OPENED, Deed.RESUMED) and not is_running:
            runs.append(Run(step.at))
        elif step.deed in (Deed.HELD, Deed.CLOSED) and is_running:
            runs[-1].end = step.at
    return runs


def _waits(steps: Sequence[Step]) -> list[Run]:
    """From the customer's first word that has no answer to the answer; closing ends the wait, too."""
    waits: list[Run] = []
    for step in steps:
        is_waiting = bool(waits) and waits[-1].end is None
        if step.deed in (Deed.OPENED, Deed.ASKED) and not is_waiting:
            waits.append(Run(step.at))
        elif step.deed in (Deed.ANSWERED, Deed.CLOSED) and is_waiting:
            waits[-1].end, waits[-1].was_answered = step.at, step.deed is Deed.ANSWERED
    return waits


def _answer(runs: Sequence[Run], wait: Run, end: datetime, time: WorkingTime) -> Answer:
    return Answer((end - wait.start).total_seconds(), _total(_within(runs, wait), time))


def _left(runs: Sequence[Run], targets: Targets) -> float | None:
    if targets.resolution_seconds is None or not runs or runs[-1].end is None:
        return None
    return max(0.0, targets.resolution_seconds - _total(runs, targets.working_time))


def _as_if_open(runs: Sequence[Run], steps: Sequence[Step]) -> list[Run]:
    """The runs of a closed ticket, had it stayed open."""
    last = max(step.at for step in steps if step.deed is Deed.CLOSED)
    return [*runs, Run(last)]


def _is_closed(steps: Sequence[Step]) -> bool:
    moves = [step.deed for step in steps if step.deed not in (Deed.ASKED, Deed.ANSWERED)]
    return moves[-1:] == [Deed.CLOSED]


def _within(runs: Sequence[Run], wait: Run) -> list[Run]:
    """The part of the runs that lies within a wait."""
    clipped = []
    for run in runs:
        start = max(run.start, wait.start)
        ends = [end for end in (run.end, wait.end) if end]
        end = min(ends) if ends else None
        if end is None or start < end:
            clipped.append(Run(start, end))
    return clipped


def _due(runs: Sequence[Run], target: float | None, time: WorkingTime) -> datetime | None:
    """When the target is reached: in an earlier run if it is broken, else in the one that runs."""
    if target is None:
        return None
    left = target
    for run in runs:
        if run.end is None:
            return time.after(run.start, left)
        passed = time.between(run.start, run.end)
        if passed > left:
            return time.after(run.start, left)
        left -= passed
    return None


def _total(runs: Sequence[Run], time: WorkingTime) -> float:
    """Of the runs that have ended."""
    return sum(time.between(run.start, run.end) for run in runs if run.end)
