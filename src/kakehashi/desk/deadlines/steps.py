"""What happened to a ticket, as the steps that move its clocks. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from kakehashi.desk.tickets.models import StatusType

from .clock import Deed, Step

_DEEDS = {StatusType.OPEN: Deed.RESUMED, StatusType.ON_HOLD: Deed.HELD, StatusType.CLOSED: Deed.CLOSED}


@dataclass(frozen=True, slots=True)
class Move:
    """From here on the ticket's status was of this type."""

    at: datetime
    type: StatusType


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail: the customer's, or ours to them."""

    at: datetime
    is_ours: bool


@dataclass(frozen=True, slots=True)
class Past:
    """`type` is what the log does not know yet: the type of the status that the ticket has at `now`."""

    opened_at: datetime
    opened_as: StatusType
    moves: Sequence[Move]
    letters: Sequence[Letter]
    type: StatusType
    now: datetime


def steps_of(past: Past) -> list[Step]:
    """In order of time. Statuses of one type follow each other without a step; a change under way is the last one."""
    moves = sorted(past.moves, key=lambda move: move.at)
    known = moves[-1].type if moves else past.opened_as
    if known != past.type:
        moves.append(Move(max(past.now, past.opened_at), past.type))
    steps = [Step(Deed.OPENED, past.opened_at)]
    before = StatusType.OPEN
    for move in (Move(past.opened_at, past.opened_as), *moves):
        if move.type != before:
            steps.append(Step(_DEEDS[move.type], move.at))
        before = move.type
    steps += [Step(Deed.ANSWERED if letter.is_ours else Deed.ASKED, letter.at) for letter in past.letters]
    return sorted(steps, key=lambda step: step.at)
