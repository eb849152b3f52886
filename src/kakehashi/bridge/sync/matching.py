"""Which record of the other side is the same customer? Pure: candidates in, a decision out (design §6, lessons A).

The ladder: stored link (the caller knows) → primary e-mail → secondary e-mail, if chosen → exact normalised name → create. The first
rung with a candidate decides. One free candidate is linked; anything else is put before a person, and nothing is written.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

HoldReason = Literal[
    "several_candidates",
    "shared_key",
    "candidate_is_linked",
    "candidate_had_link",
    "candidate_is_apart",
    "candidate_differs",
]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A live record of the other side that holds a match key. `is_ours` when this connection made it, for somebody else; `is_apart` when
    a person chose to leave it without a partner; `is_doubtful` when something else speaks against it (`doubts.py`).
    """

    id: int
    is_linked: bool = False
    is_ours: bool = False
    is_apart: bool = False
    is_doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Rung:
    """One match key: its field here, how many records here hold the same value (itself included), and who holds it there."""

    field_name: str
    holders_here: int
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Create:
    """No one has any of the keys."""


@dataclass(frozen=True, slots=True)
class LinkTo:
    id: int
    field_name: str


@dataclass(frozen=True, slots=True)
class Hold:
    """A person must decide: the candidates and the field they agree in are the evidence."""

    reason: HoldReason
    field_name: str
    candidates: tuple[int, ...] = ()


Decision = Create | LinkTo | Hold


def decide(rungs: Sequence[Rung]) -> Decision:
    """Walk the ladder. A key that several records here share joins nobody to anybody, even where it has no candidate yet."""
    for rung in rungs:
        ids = tuple(candidate.id for candidate in rung.candidates)
        if rung.holders_here > 1:
            return Hold("shared_key", rung.field_name, ids)
        if len(ids) > 1:
            return Hold("several_candidates", rung.field_name, ids)
        if ids:
            return _of_one(rung, rung.candidates[0])
    return Create()


def _of_one(rung: Rung, candidate: Candidate) -> Decision:
    if candidate.is_linked:
        return Hold("candidate_is_linked", rung.field_name, (candidate.id,))
    if candidate.is_apart:
        return Hold("candidate_is_apart", rung.field_name, (candidate.id,))
    if candidate.is_ours:
        return Hold("candidate_had_link", rung.field_name, (candidate.id,))
    if candidate.is_doubtful:
        return Hold("candidate_differs", rung.field_name, (candidate.id,))
    return LinkTo(candidate.id, rung.field_name)
