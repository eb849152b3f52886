"""Three-way comparison of one linked pair, field by field. Pure: no database, no clock, no settings (design §6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from django.utils.translation import gettext_noop

from kakehashi.bridge.sides.records import SideName as Side

from .values import Stored

Direction = Literal["to_desk", "to_crm", "both"]
Rule = Literal["crm_wins", "desk_wins", "newest_wins", "ask"]

# Why a value was written or lost, as the journal keeps it; people read these in their own language (`telling.py`).
CHANGED_IN_CRM = gettext_noop("changed in CRM")
CHANGED_IN_DESK = gettext_noop("changed in Desk")
VALUE_BEATS_EMPTY = gettext_noop("a value beats empty")
CRM_WINS = gettext_noop("CRM wins")
DESK_WINS = gettext_noop("Desk wins")
NEWEST_WINS = gettext_noop("the newer change wins")
DECIDED = gettext_noop("decided by a person")
SAME = "same "  # and the field that both agree in, of the side that was looked at


@dataclass(frozen=True, slots=True)
class FieldState:
    """One mapped field now, and when both sides last agreed.

    `crm`, `desk` and the bases are values as their own side stores them. `are_equal` says that crm and desk mean the same in
    the common form. `crm_as_desk` and `desk_as_crm` are what would be written on the other side. `choice` is what a person decided where
    the rule is to ask; None while nobody has.
    """

    name: str
    crm: Stored
    desk: Stored
    crm_base: Stored
    desk_base: Stored
    crm_as_desk: Stored
    desk_as_crm: Stored
    are_equal: bool
    direction: Direction = "to_desk"
    rule: Rule = "crm_wins"
    choice: Side | None = None


@dataclass(frozen=True, slots=True)
class Write:
    name: str
    old: Stored
    new: Stored
    rule: str


@dataclass(frozen=True, slots=True)
class Loser:
    """A value that a rule has decided against; it is journalled before it is overwritten."""

    name: str
    side: Side
    value: Stored
    winner: Stored
    rule: str


@dataclass(slots=True)
class Result:
    """What to write on each side, what is lost by it, what a person must decide, and the bases that move without a write.

    The bases of a written field move after the write: to the value read at the source and the value returned by the target.
    """

    crm_writes: list[Write] = field(default_factory=list)
    desk_writes: list[Write] = field(default_factory=list)
    losers: list[Loser] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)
    crm_base: dict[str, Stored] = field(default_factory=dict)
    desk_base: dict[str, Stored] = field(default_factory=dict)

    def writes_on(self, side: Side) -> list[Write]:
        return self.crm_writes if side == "crm" else self.desk_writes

    @property
    def is_quiet(self) -> bool:
        return not (self.crm_writes or self.desk_writes or self.conflicts)


def reconcile(
    fields: Sequence[FieldState], *, crm_modified_at: datetime | None = None, desk_modified_at: datetime | None = None
) -> Result:
    """Decide every field of a pair.

    Neither side changed: nothing. Both equal: bases advance. One side changed: write the other, if the direction allows. Both
    changed, differently: an empty value never beats a value, else the field's rule decides. One-way, the source's value wins.
    """
    result = Result()
    newest: Side = "desk" if _is_later(desk_modified_at, crm_modified_at) else "crm"
    for state in fields:
        _decide(state, newest, result)
    return result


def _decide(state: FieldState, newest: Side, result: Result) -> None:
    crm_changed, desk_changed = state.crm != state.crm_base, state.desk != state.desk_base
    if not crm_changed and not desk_changed:
        return
    if state.are_equal:
        result.crm_base[state.name], result.desk_base[state.name] = state.crm, state.desk
    elif crm_changed and desk_changed:
        _settle(state, newest, result)
    elif crm_changed and state.direction != "to_crm":
        _write_desk(state, CHANGED_IN_CRM, result)
    elif desk_changed and state.direction != "to_desk":
        _write_crm(state, CHANGED_IN_DESK, result)
    # else: one-way, an edit against it stays until the source changes; its base waits so that the edit is journalled then


def _settle(state: FieldState, newest: Side, result: Result) -> None:
    winner, rule = _winner(state, newest)
    if winner is None:
        result.conflicts.append(state.name)
    elif winner == "crm" and state.direction != "to_crm":
        result.losers.append(Loser(state.name, "desk", state.desk, state.crm_as_desk, rule))
        _write_desk(state, rule, result)
    elif winner == "desk" and state.direction != "to_desk":
        result.losers.append(Loser(state.name, "crm", state.crm, state.desk_as_crm, rule))
        _write_crm(state, rule, result)
    elif winner == "desk":  # one-way, the CRM value was emptied: the Desk keeps its own, and this is decided once
        result.crm_base[state.name] = state.crm
    else:  # the same the other way round
        result.desk_base[state.name] = state.desk


def _winner(state: FieldState, newest: Side) -> tuple[Side | None, str]:
    if state.crm is None:
        return "desk", VALUE_BEATS_EMPTY
    if state.desk is None:
        return "crm", VALUE_BEATS_EMPTY
    if state.direction == "to_desk" or (state.direction == "both" and state.rule == "crm_wins"):
        return "crm", CRM_WINS
    if state.direction == "to_crm" or state.rule == "desk_wins":
        return "desk", DESK_WINS
    if state.rule == "ask":
        return state.choice, DECIDED
    return newest, NEWEST_WINS


def _write_desk(state: FieldState, rule: str, result: Result) -> None:
    result.desk_writes.append(Write(state.name, state.desk, state.crm_as_desk, rule))


def _write_crm(state: FieldState, rule: str, result: Result) -> None:
    result.crm_writes.append(Write(state.name, state.crm, state.desk_as_crm, rule))


def _is_later(one: datetime | None, other: datetime | None) -> bool:
    return one is not None and other is not None and one > other


def changes_of(writes: Sequence[Write]) -> Mapping[str, list[Stored]]:
    """Old and new by field, as the journal keeps them."""
    return {write.name: [write.old, write.new] for write in writes}
