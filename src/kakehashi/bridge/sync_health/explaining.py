"""Why a record of either side is synced as it is, or is not: in sentences, with what cures it. For the page and the command line."""

from collections.abc import Sequence
from dataclasses import dataclass

from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.sides.records import SideName
from kakehashi.bridge.sync.mapping import BY_NAME
from kakehashi.bridge.sync.naming import name_of
from kakehashi.core.actors import Actor
from kakehashi.core.errors import NotFound

from .case import Case, read_record
from .curing import Cure, cures_of
from .sentences import sentences_of
from .standing import Standing


@dataclass(frozen=True, slots=True)
class Explanation:
    """`standing` is None for what is deleted, and for a module that is not synced."""

    case: Case
    standing: Standing | None
    sentences: Sequence[str]
    cures: Sequence[Cure]

    @property
    def name(self) -> str:
        return name_of(self.case.record)


def explain(
    connection: Connection, module: str, side: SideName, record_id: int, *, actor: Actor | None = None
) -> Explanation:
    """Without an actor nothing is hidden: for whoever may run commands on the machine. Raises `NotFound`."""
    pair = BY_NAME.get(module)
    record = read_record(connection, pair, side, record_id, actor) if pair else None
    if pair is None or record is None:
        raise NotFound
    case = Case(connection, pair, side, record, actor)
    return Explanation(case, case.standing, list(sentences_of(case)), list(cures_of(case)))
