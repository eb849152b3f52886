"""The journal: what was written, linked, removed or lost, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection as database
from psycopg.types.json import Jsonb

from kakehashi.core import clock

from .outcome_models import JournalRow
from .workbench import Workbench

_COLUMNS = "connection_id, run_id, module, crm_id, desk_id, side, kind, changes, rule, by_name, at"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: `changes` is {Desk field: [old, new]}."""

    kind: JournalRow.Kind
    module: str
    crm_id: int | None
    desk_id: int | None
    side: str = "desk"
    changes: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    rule: str = ""


def write_journal(bench: Workbench, entries: Sequence[Entry]) -> None:
    """Append lines, in the caller's transaction. By COPY: a first sync writes one for every record."""
    if not entries:
        return
    now, run_id = clock.now(), bench.run.pk if bench.run else None
    with database.cursor() as cursor, cursor.copy(f"COPY bridge_journalrow ({_COLUMNS}) FROM STDIN") as copy:
        for entry in entries:
            copy.write_row(
                (
                    bench.connection.pk,
                    run_id,
                    entry.module,
                    entry.crm_id,
                    entry.desk_id,
                    entry.side,
                    str(entry.kind),
                    Jsonb(dict(entry.changes)),
                    entry.rule,
                    bench.actor.name,
                    now,
                )
            )
