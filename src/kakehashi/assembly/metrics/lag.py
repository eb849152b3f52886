"""How far each subscriber is behind the log."""

import json
from dataclasses import dataclass
from typing import Any

from django.db import connection

from kakehashi.core.events.loop import topics_by_subscriber

MOST = 100_000  # who is further behind than that is behind, and counting further would cost more than it tells

# Only events that concern the subscriber count. They may be older than their writing (an import of past years), so nobody is later than
# since their cursor moved last. The epoch changes with a restore: until a worker has compared everything anew, nobody can say how far
# behind it is.
LAGS = f"""
    SELECT cursor.name, CASE WHEN cursor.epoch = now.epoch THEN behind.events ELSE {MOST} END,
           CASE WHEN behind.events = 0 THEN 0
           ELSE least(behind.seconds, extract(epoch FROM clock_timestamp() - cursor.moved_at)::float) END
    FROM core_cursor AS cursor
    JOIN jsonb_each(%s::jsonb) AS heard (name, topics) USING (name)
    CROSS JOIN (SELECT epoch FROM core_logepoch) AS now
    CROSS JOIN LATERAL (
        SELECT count(*) AS events, extract(epoch FROM clock_timestamp() - min(at))::float AS seconds FROM (
            SELECT at FROM core_event WHERE (core_event.xid, core_event.id) > (cursor.xid::text::xid8, cursor.event_id)
            AND heard.topics ? core_event.topic ORDER BY core_event.xid, core_event.id LIMIT {MOST}
        ) AS unread
    ) AS behind WHERE cursor.paused_at IS NULL ORDER BY cursor.name
"""  # noqa: S608 - a number of ours


@dataclass(frozen=True, slots=True)
class Lag:
    """`seconds` is how long the oldest event has waited. A subscriber that was paused by hand is not behind."""

    subscriber: str
    events: int
    seconds: float


def heard_topics() -> str:
    """What `LAGS` is asked with."""
    return json.dumps(dict(topics_by_subscriber()))


def lags() -> list[Lag]:
    with connection.cursor() as cursor:
        cursor.execute(LAGS, [heard_topics()])
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return [Lag(*row) for row in rows]
