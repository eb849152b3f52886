"""Records that could not be written, in words, and looking at them again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.sides.records import SideName, side_named

from .mapping import BY_NAME
from .marking import Mark, mark
from .models import Dirty, Link
from .naming import Key, Who, names_of
from .reasons import Reasons


@dataclass(frozen=True, slots=True)
class Problem:
    """A record of one side that was tried in vain. `sentence` says why; it is tried again at `next_try_at`."""

    module: str
    side: SideName
    record_id: int
    name: str
    url: str
    sentence: str
    next_try_at: datetime | None


def failing_problems(connection: Connection, *, limit: int = 50) -> Sequence[Problem]:
    """The next to be tried first."""
    failing = Dirty.objects.filter(connection=connection).exclude(reason="").order_by("next_try_at", "pk")
    rows = list(failing[:limit])
    names = names_of(connection, [_key(row) for row in rows])
    reasons = Reasons(connection)
    return [_problem(row, names.get(_key(row)) or Who(row.record_id, "", ""), reasons) for row in rows]


def try_again(connection: Connection, module: str, side: SideName, record_id: int) -> None:
    """Look at one record again now."""
    if module in BY_NAME:
        mark(connection.pk, [Mark(BY_NAME[module].name, side, record_id)])


def try_all_again(connection: Connection) -> int:
    """Look at everything again that is held or failing. Answers how many."""
    held = Link.objects.filter(connection=connection, state=Link.State.HELD)
    failing = Dirty.objects.filter(connection=connection).exclude(reason="")
    marks = [Mark(BY_NAME[link.module].name, *link.home) for link in held]
    marks += [Mark(BY_NAME[row.module].name, side_named(row.side), row.record_id) for row in failing]
    mark(connection.pk, marks)
    return len(set(marks))


def _key(row: Dirty) -> Key:
    return row.module, side_named(row.side), row.record_id


def _problem(row: Dirty, who: Who, reasons: Reasons) -> Problem:
    return Problem(
        row.module,
        side_named(row.side),
        row.record_id,
        who.name,
        who.url,
        reasons.sentence(row.module, row.reason),
        next_try_at=row.next_try_at,
    )
