"""What only the database can say. Django is ready and the database is reachable."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from kakehashi.assembly.serve.migrations import count_waiting
from kakehashi.core.events.loop import topics_by_subscriber
from kakehashi.core.events.models import Cursor, Problem
from kakehashi.core.events.reading import Position, count_after, current_epoch

from .finding import Finding, judge

_HEARTBEAT_SECONDS = 30


def examine_database(is_served: bool) -> Iterator[Finding]:
    """`is_served`: somebody should be working now, so a missing worker is an error."""
    yield from _server()
    waiting = count_waiting()
    yield judge(
        "Migrations",
        waiting,
        f"{waiting} waiting" if waiting else "up to date",
        warn_above=0,
        do="kakehashi migrate (serve does it, too)",
    )
    if waiting:
        return
    yield _workers(is_served)
    yield from _jobs()
    yield _oldest_transaction()
    yield from _cursors()
    yield _problems()


def _server() -> Iterator[Finding]:
    version, collation, most, used, now = _row(
        """
        SELECT current_setting('server_version'), datcollate, current_setting('max_connections')::int,
               (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'), clock_timestamp()
        FROM pg_database WHERE datname = current_database()
        """
    )
    yield Finding("PostgreSQL", "ok", f"{version}, collation {collation}")
    yield judge(
        "Connections",
        used / most,
        f"{used} of {most}",
        warn_above=0.8,
        fail_above=0.95,
        do="Raise max_connections, or run fewer workers.",
    )
    skew = abs((datetime.now(UTC) - now).total_seconds())
    yield judge(
        "Clocks",
        skew,
        f"{skew:.1f} s between this machine and the database",
        warn_above=5,
        do="Let both follow a time server.",
    )


def _workers(is_served: bool) -> Finding:
    alive, seen = _row(
        "SELECT count(*) FILTER (WHERE last_heartbeat > now() - make_interval(secs => %s)), max(last_heartbeat) FROM procrastinate_workers",
        [_HEARTBEAT_SECONDS],
    )
    if alive:
        return Finding("Workers", "ok", f"{alive} at work")
    says = f"none seen since {seen:%Y-%m-%d %H:%M} UTC" if seen else "none has ever run"
    if not is_served:
        return Finding("Workers", "ok", f"none, as nothing is served now ({says})")
    return Finding(
        "Workers", "fail", says, "Start one: kakehashi worker (serve starts one by itself unless --workers 0)."
    )


def _jobs() -> Iterator[Finding]:
    late, failed = _row(
        """
        SELECT count(*) FILTER (WHERE status = 'todo' AND coalesce(scheduled_at, deferred.at) < now() - interval '5 minutes'),
               count(*) FILTER (WHERE status = 'failed' AND failed.at > now() - interval '1 day')
        FROM procrastinate_jobs job
        LEFT JOIN LATERAL (SELECT max(at) AS at FROM procrastinate_events WHERE job_id = job.id AND type = 'deferred') deferred ON status = 'todo'
        LEFT JOIN LATERAL (SELECT max(at) AS at FROM procrastinate_events WHERE job_id = job.id AND type = 'failed') failed ON status = 'failed'
        """
    )
    yield judge(
        "Jobs waiting",
        late,
        f"{late} for more than 5 minutes",
        warn_above=0,
        fail_above=1_000,
        do="Start more workers: kakehashi worker",
    )
    yield judge(
        "Jobs failed",
        failed,
        f"{failed} in the last day",
        warn_above=0,
        do="kakehashi manage procrastinate shell lists them; the worker's log says why.",
    )


def _oldest_transaction() -> Finding:
    """Nothing newer than the oldest running transaction can be read from the event log, so a forgotten one stops all subscribers."""
    seconds, process, application = _row(
        """
        SELECT coalesce(extract(epoch FROM clock_timestamp() - xact_start), 0)::float, pid, application_name
        FROM (SELECT 1) one LEFT JOIN (
            SELECT * FROM pg_stat_activity WHERE xact_start IS NOT NULL AND pid <> pg_backend_pid() AND backend_type = 'client backend' AND datname = current_database()
        ) other ON true ORDER BY xact_start NULLS LAST LIMIT 1
        """
    )
    return judge(
        "Transactions",
        seconds,
        f"the oldest has run for {seconds:.0f} s",
        warn_above=60,
        fail_above=600,
        do=f"Look for process {process} {application or ''} in pg_stat_activity; SELECT pg_terminate_backend({process}) ends it.",
    )


def _cursors() -> Iterator[Finding]:
    for cursor in Cursor.objects.order_by("name"):
        name = f"Subscriber {cursor.name}"
        if cursor.paused_at:
            yield Finding(
                name,
                "warn",
                f"paused by {cursor.paused_by or 'somebody'} since {cursor.paused_at:%Y-%m-%d %H:%M} UTC",
                "Resume it when you are ready.",
            )
        elif cursor.epoch != current_epoch():
            yield Finding(
                name,
                "warn",
                "its position is of before a restore",
                "A worker makes it compare everything anew; start one.",
            )
        else:
            topics = topics_by_subscriber().get(cursor.name)
            lag = count_after(Position(cursor.epoch, cursor.xid, cursor.event_id), topics=topics)
            yield judge(
                name,
                lag,
                f"{lag} events behind",
                warn_above=10_000,
                do="It catches up by itself; more workers do not make one subscriber faster.",
            )


def _problems() -> Finding:
    count = Problem.objects.count()
    return judge(
        "Problems parked",
        count,
        f"{count}",
        warn_above=0,
        do="They are tried again by themselves; the integration page names each with its reason.",
    )


def _row(query: str, values: list[Any] | None = None) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        row: tuple[Any, ...] = cursor.fetchone()
        return row
