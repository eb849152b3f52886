"""How long a deal stood in each of its stages. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Move:
    """From one stage to another; both as stored."""

    at: datetime
    old: str
    new: str
    person: str


@dataclass(frozen=True, slots=True)
class Span:
    """A stay in a stage; `until` is None while it lasts. `days` are whole ones."""

    stage: str
    since: datetime
    until: datetime | None
    person: str
    days: int


def spans_of(begun: datetime, by: str, stage: str, moves: Sequence[Move], now: datetime) -> list[Span]:
    """Newest first. `moves` in the order of time; `stage` is where the deal stands now, for one that never moved."""
    starts = [(begun, moves[0].old if moves else stage, by), *((move.at, move.new, move.person) for move in moves)]
    ends: list[datetime | None] = [*(move.at for move in moves), None]
    spans = [
        Span(value, since, until, person, max(0, ((until or now) - since).days))
        for (since, value, person), until in zip(starts, ends, strict=True)
    ]
    return spans[::-1]
