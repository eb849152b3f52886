"""What statistics of tickets say: counts, averages and how they went over time. Plain values, whoever counted."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from kakehashi.core.errors import Text

from .periods import Basis, Span, Step, Window


@dataclass(frozen=True, slots=True)
class Summary:
    """Of tickets that were received in some stretch of time, as they stand now.

    `open` are all that are not closed. Averages are in seconds, None where nothing was measured; `answers`, `answered` and `solved` say over how many.
    `channels` are API names ("" stands for any other) with their counts, the largest first. `overdue` is None where nobody asked.
    """

    total: int
    open: int
    on_hold: int
    closed: int
    escalated: int
    high_priority: int
    spam: int
    answered: int
    answers: int
    solved: int
    first_response_seconds: float | None
    response_seconds: float | None
    resolution_seconds: float | None
    good: int
    okay: int
    bad: int
    channels: tuple[tuple[str, int], ...]
    overdue: int | None = None

    @property
    def rated(self) -> int:
        return self.good + self.okay + self.bad

    def percent(self, rating: str) -> int:
        return round(100 * getattr(self, rating) / self.rated) if self.rated else 0


@dataclass(frozen=True, slots=True)
class Bucket:
    """A stretch of hours of a spread: `least` of them or more, and less than `below` (None: no end). `name` is what filters call it."""

    least: int
    below: int | None

    @property
    def name(self) -> str:
        return f"{self.least}-{self.below or ''}"


_ENDS = (0, 1, 4, 8, 24, 72, 168)
BUCKETS = (*(Bucket(low, high) for low, high in pairwise(_ENDS)), Bucket(_ENDS[-1], None))


@dataclass(frozen=True, slots=True)
class Spread:
    """How many tickets took how long, by `BUCKETS`, of those received since a day (None: in the whole window)."""

    first_response: tuple[int, ...]
    resolution: tuple[int, ...]
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """A step of the plots."""

    span: Span
    summary: Summary


@dataclass(frozen=True, slots=True)
class Report:
    """`basis` says which time the averages count, `channels` what the known channels are called, by API name. `spread` is None where nobody asked."""

    window: Window
    basis: Basis
    step: Step
    summary: Summary
    points: tuple[Point, ...]
    channels: Mapping[str, Text] = field(default_factory=dict)
    spread: Spread | None = None
