"""Reading the event log without gaps, in commit order, whoever else is writing (design §4).

A serial id is given out before its transaction commits, so "id > last" skips rows that commit late. Here a reader takes only
rows of transactions older than every one of this database still running (see `_HORIZON`), ordered by (xid, id).
"""

import json
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection, transaction

from kakehashi.core.errors import ProductError, Text

from .models import LogEpoch


class PositionIsVoid(ProductError):
    """The position belongs to another epoch (restore, clone) or to events no longer kept. Compare everything instead."""

    code = "position_is_void"
    status = 410


class Position(NamedTuple):
    """A place in the log. Written down as the opaque token "epoch.xid.id"."""

    epoch: uuid.UUID
    xid: int
    event_id: int

    def token(self) -> str:
        return f"{self.epoch.hex}.{self.xid}.{self.event_id}"


@dataclass(frozen=True, slots=True)
class Marker:
    """One event as a subscriber sees it."""

    id: int
    tenant: str
    topic: str
    kind: str
    subject_id: int
    origin: str
    person_id: int | None
    data: dict[str, Any]
    at: datetime


@dataclass(frozen=True, slots=True)
class Batch:
    """`markers` in reading order and the position after them. `is_last` when nothing more was readable just now."""

    markers: list[Marker]
    after: Position
    is_last: bool


def parse_token(token: str) -> Position:
    """The position of a token. Raises `PositionIsVoid` for one that is malformed or of another epoch."""
    message: Text = f"{token!r} is not a position in this log."
    try:
        epoch, xid, event_id = token.split(".")
        position = Position(uuid.UUID(epoch), int(xid), int(event_id))
    except ValueError:
        raise PositionIsVoid(message) from None
    if position.epoch != current_epoch():
        raise PositionIsVoid(message)
    return position


def current_epoch() -> uuid.UUID:
    row, _ = LogEpoch.objects.get_or_create(id=1, defaults={"epoch": uuid.uuid4()})
    return row.epoch


def begin_epoch() -> uuid.UUID:
    """Make every position handed out so far void. Called after a restore, when transaction ids have started anew.

    Events written before get the oldest id there is: theirs may lie far ahead of this cluster's, and would be unreadable.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE core_event SET xid = '1'::xid8")
        row, _ = LogEpoch.objects.update_or_create(id=1, defaults={"epoch": uuid.uuid4()})
    return row.epoch


def start_of_log() -> Position:
    return Position(current_epoch(), 0, 0)


def head_of_log() -> Position:
    """Just behind everything that is readable now: a subscriber that starts here sees only what commits later."""
    return Position(current_epoch(), _horizon(), 0)


def read_after(position: Position, *, topics: list[str] | None = None, limit: int = 500) -> Batch:
    """The next events after a position, oldest first, at most `limit`. Raises `PositionIsVoid`."""
    if position.epoch != current_epoch():
        raise PositionIsVoid
    horizon = _horizon()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT id, xid::text::bigint, tenant, topic, kind, subject_id, origin, person_id, data, at
            FROM core_event
            WHERE (xid, id) > (%s::text::xid8, %s) AND xid < %s::text::xid8 AND (%s::text[] IS NULL OR topic = ANY(%s))
            ORDER BY xid, id LIMIT %s
            """,
            [str(position.xid), position.event_id, str(horizon), topics, topics, limit],
        )
        rows = cursor.fetchall()
    markers = [_marker(row) for row in rows]
    if len(rows) == limit:
        return Batch(markers, Position(position.epoch, rows[-1][1], rows[-1][0]), is_last=False)
    return Batch(markers, max(position, Position(position.epoch, horizon, 0)), is_last=True)


def count_after(position: Position, *, topics: list[str] | None = None) -> int:
    """How many events wait behind a position: the lag, in events."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM core_event WHERE (xid, id) > (%s::text::xid8, %s) AND (%s::text[] IS NULL OR topic = ANY(%s))",
            [str(position.xid), position.event_id, topics, topics],
        )
        return int(cursor.fetchone()[0])


# The oldest transaction still running, or the next one where none runs. Those of other databases on the same server are left
# out where the server positively says so: they cannot write our log, and one of them, forgotten, would stop all our readers.
_HORIZON = """
    WITH now AS MATERIALIZED (SELECT pg_current_snapshot() AS snapshot)
    SELECT least(
        (
            SELECT min(xid::text::bigint) FROM now, pg_snapshot_xip(snapshot) AS xid
            WHERE NOT EXISTS (
                SELECT FROM pg_stat_activity activity JOIN pg_database mine ON mine.datname = current_database()
                WHERE activity.backend_xid = xid::xid AND activity.datid <> mine.oid
            )
        ),
        pg_current_xact_id_if_assigned()::text::bigint,
        pg_snapshot_xmax(snapshot)::text::bigint
    ) FROM now
"""


def _horizon() -> int:
    with connection.cursor() as cursor:
        cursor.execute(_HORIZON)
        return int(cursor.fetchone()[0])


def _marker(row: tuple[Any, ...]) -> Marker:
    data = json.loads(row[8]) if isinstance(row[8], str) else row[8]
    return Marker(row[0], row[2], row[3], row[4], row[5], row[6], row[7], data, row[9])
