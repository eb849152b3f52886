"""What the database says of the whole installation, asked anew for each scrape: it cannot drift, and outlives every process."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db import connection
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from kakehashi.assembly.worker.claims import LIVING_WORKERS

from .lag import lags

# name, what it means, labels, and a query whose last column is the figure
_GAUGES: list[tuple[str, str, list[str], str]] = [
    (
        "jobs_waiting",
        "Background jobs by state; failed ones are kept for a month.",
        ["job", "state"],
        "SELECT task_name, status::text, count(*) FROM procrastinate_jobs GROUP BY 1, 2",
    ),
    (
        "sync_dirty",
        "Records that the sync has still to look at.",
        ["module", "side"],
        "SELECT module, side, count(*) FROM bridge_dirty GROUP BY 1, 2",
    ),
    (
        "sync_failing",
        "Those of them that failed and are tried again.",
        ["module", "side"],
        "SELECT module, side, count(*) FROM bridge_dirty WHERE attempts > 0 GROUP BY 1, 2",
    ),
    (
        "sync_links",
        "Pairs of records.",
        ["module", "state"],
        "SELECT module, state, count(*) FROM bridge_link GROUP BY 1, 2",
    ),
    (
        "sync_conflicts",
        "Fields that wait for somebody to decide.",
        ["module"],
        "SELECT module, count(*) FROM bridge_conflict WHERE choice = '' GROUP BY 1",
    ),
    (
        "events_parked",
        "Subjects that a subscriber could not deal with.",
        ["subscriber"],
        "SELECT subscriber, count(*) FROM core_problem GROUP BY 1",
    ),
    (
        "mails_waiting",
        "Mails in a queue: out to customers, about accounts, and in, not yet judged.",
        ["queue"],
        """
        SELECT 'out', count(*) FROM desk_message WHERE state IN ('pending', 'sending')
        UNION ALL SELECT 'accounts', count(*) FROM identity_mail
        UNION ALL SELECT 'in', count(*) FROM desk_incomingmail WHERE state = 'received'
        """,
    ),
    (
        "mails_waiting_seconds",
        "How long the oldest of those has been due.",
        ["queue"],
        """
        SELECT 'out', coalesce(extract(epoch FROM now() - min(send_after)), 0) FROM desk_message WHERE state IN ('pending', 'sending')
        UNION ALL SELECT 'in', coalesce(extract(epoch FROM now() - min(received_at)), 0) FROM desk_incomingmail WHERE state = 'received'
        """,
    ),
    (
        "workers",
        "Workers that live, by the lock that each holds.",
        [],
        LIVING_WORKERS,
    ),
    (
        "database_connections",
        "Connections to this database.",
        ["state"],
        "SELECT coalesce(state, 'other'), count(*) FROM pg_stat_activity WHERE datname = current_database() GROUP BY 1",
    ),
    (
        "database_oldest_transaction_seconds",
        "No event newer than the oldest running transaction can be read.",
        [],
        """
        SELECT coalesce(max(extract(epoch FROM clock_timestamp() - xact_start)), 0) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
        """,
    ),
    ("database_bytes", "Size of the database.", [], "SELECT pg_database_size(current_database())"),
]
# Sequences only rise, so they are counters without counting.
_COUNTERS = [
    ("events", "Events written.", "core_event"),
    ("sync_journal_lines", "Lines that the sync wrote in its journal.", "bridge_journalrow"),
    ("mails_received", "Mails taken in.", "desk_incomingmail"),
    ("messages", "Messages in conversations, in and out.", "desk_message"),
]


class Installation(Collector):
    def collect(self) -> Iterator[Metric]:
        for name, meaning, labels, query in _GAUGES:
            gauge = GaugeMetricFamily(f"kakehashi_{name}", meaning, labels=labels)
            for *values, figure in _rows(query):
                gauge.add_metric([str(value) for value in values], float(figure))
            yield gauge
        for name, meaning, table in _COUNTERS:
            yield CounterMetricFamily(f"kakehashi_{name}", meaning, value=_last_number(table))
        yield from _lag_gauges()


def _lag_gauges() -> Iterable[Metric]:
    events = GaugeMetricFamily("kakehashi_lag_events", "Events a subscriber has still to read.", labels=["subscriber"])
    seconds = GaugeMetricFamily("kakehashi_lag_seconds", "Age of the oldest of those.", labels=["subscriber"])
    for lag in lags():
        events.add_metric([lag.subscriber], lag.events)
        seconds.add_metric([lag.subscriber], lag.seconds)
    return [events, seconds]


def _last_number(table: str) -> float:
    rows = _rows("SELECT coalesce(pg_sequence_last_value(pg_get_serial_sequence(%s, 'id')::regclass), 0)", [table])
    return float(rows[0][0])


def _rows(query: str, values: list[Any] | None = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return list(cursor.fetchall())
