"""Why records could not be written, gathered by cause: one sentence and one button for however many records."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, QuerySet

from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.sides.records import SideName, side_named
from kakehashi.bridge.sync.mapping import BY_NAME
from kakehashi.bridge.sync.marking import Mark, mark
from kakehashi.bridge.sync.models import Dirty, Module
from kakehashi.bridge.sync.naming import Who, names_of
from kakehashi.bridge.sync.reasons import Kind, Reasons

MOST_CAUSES = 20


@dataclass(frozen=True, slots=True)
class Cause:
    """`example` is one of the records; of one that is gone only its id is known."""

    module: str
    label: str
    side: SideName
    kind: Kind
    sentence: str
    count: int
    oldest: datetime
    next_try_at: datetime | None
    example: Who


def causes_of(connection: Connection) -> list[Cause]:
    """What most records suffer from first. A few queries, however many records there are."""
    groups = failing(connection).order_by().values("module", "side", "reason")
    rows = list(
        groups.annotate(
            count=Count("id"), oldest=Min("first_seen_at"), next_try=Min("next_try_at"), example=Min("record_id")
        ).order_by("-count", "oldest")[:MOST_CAUSES]
    )
    reasons = Reasons(connection)
    names = names_of(connection, [(row["module"], side_named(row["side"]), row["example"]) for row in rows])
    causes = []
    for row in rows:
        side, module, example = side_named(row["side"]), row["module"], row["example"]
        causes.append(
            Cause(
                module,
                str(Module(module).label),
                side,
                reasons.kind(module, row["reason"]),
                reasons.sentence(module, row["reason"]),
                row["count"],
                row["oldest"],
                row["next_try"],
                names.get((module, side, example), Who(example, "", "")),
            )
        )
    return causes


def failing(connection: Connection) -> QuerySet[Dirty]:
    return Dirty.objects.filter(connection=connection).exclude(reason="")


def try_like_this_again(connection: Connection, module: str, side: SideName, record_id: int) -> int:
    """All that failed for the reason that this record failed for are looked at now. Answers how many; 0 where it is mended meanwhile."""
    one = failing(connection).filter(module=module, side=side, record_id=record_id).first()
    if one is None:
        return 0
    alike = failing(connection).filter(module=one.module, side=one.side, reason=one.reason)
    ids = list(alike.values_list("record_id", flat=True))
    mark(connection.pk, [Mark(BY_NAME[one.module].name, side, record_id) for record_id in ids])
    return len(ids)
