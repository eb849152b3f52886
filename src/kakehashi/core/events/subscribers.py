"""Subscribers: each reads the log by its own cursor, in batches, at least once, and stores its position with its own work."""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, transaction

from kakehashi.core import clock

from .models import Cursor, Problem
from .reading import Batch, Marker, Position, PositionIsVoid, head_of_log, read_after, start_of_log

logger = logging.getLogger(__name__)

_LONGEST_WAIT = timedelta(hours=6)
# A subscriber whom nothing concerns writes down at most once a second that it has seen so; what it passes over again is a second's worth.
_QUIET = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Subscriber:
    """`handle` gets events in commit order per batch, inside a transaction, perhaps twice, and reads current state itself.

    `recover` is called instead when the position is void (restore, clone): do a full compare; reading then goes on at the head.
    A subscriber without it reads the whole log again.
    """

    name: str
    topics: list[str]
    handle: Callable[[Sequence[Marker]], None]
    recover: Callable[[], None] | None = None
    batch_size: int = 500


def read_once(subscriber: Subscriber) -> bool:
    """Work one batch. True when more waits right now. False, too, when another process holds this subscriber's claim."""
    with claim(f"subscriber:{subscriber.name}") as is_ours:
        if not is_ours:
            return False
        _retry_due_problems(subscriber)
        return _work_batch(subscriber)


@contextmanager
def claim(name: str) -> Iterator[bool]:
    """A session lock that PostgreSQL itself gives up when the holder's process dies. Yields whether we got it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [name])
        is_ours = bool(cursor.fetchone()[0])
    try:
        yield is_ours
    finally:
        if is_ours:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [name])


def await_claim(name: str) -> None:
    """Wait until nobody works under a claim, and keep it until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def position_of(name: str) -> Position:
    """Where a subscriber stands; a new one stands at the start of the log."""
    return _position_in(Cursor.objects.filter(name=name).first())


def move_cursor(name: str, position: Position) -> None:
    """Set a position: forward after work, back to replay."""
    Cursor.objects.update_or_create(
        name=name,
        defaults={
            "epoch": position.epoch,
            "xid": position.xid,
            "event_id": position.event_id,
            "moved_at": clock.now(),
        },
    )


def _position_in(cursor: Cursor | None) -> Position:
    return Position(cursor.epoch, cursor.xid, cursor.event_id) if cursor else start_of_log()


def _work_batch(subscriber: Subscriber) -> bool:
    cursor = Cursor.objects.filter(name=subscriber.name).first()
    if cursor and cursor.paused_at:
        return False
    position = _position_in(cursor)
    try:
        batch = read_after(position, topics=subscriber.topics, limit=subscriber.batch_size)
    except PositionIsVoid:
        _start_over(subscriber)
        return True
    is_due = cursor is None or clock.now() - cursor.moved_at > _QUIET
    if batch.markers or (is_due and batch.after != position):
        _handle(subscriber, batch)
    return not batch.is_last


def _start_over(subscriber: Subscriber) -> None:
    if subscriber.recover is None:
        move_cursor(subscriber.name, start_of_log())
        return
    head = head_of_log()  # taken before the compare, so that nothing falls between the two
    with transaction.atomic():
        subscriber.recover()
        move_cursor(subscriber.name, head)


def _handle(subscriber: Subscriber, batch: Batch) -> None:
    try:
        with transaction.atomic():
            if batch.markers:
                subscriber.handle(batch.markers)
            move_cursor(subscriber.name, batch.after)
    except Exception:
        logger.warning("%s: a batch failed, going on one subject at a time", subscriber.name, exc_info=True)
        _handle_one_by_one(subscriber, batch)


def _handle_one_by_one(subscriber: Subscriber, batch: Batch) -> None:
    by_subject: dict[tuple[str, int], list[Marker]] = {}
    for marker in batch.markers:
        by_subject.setdefault((marker.kind, marker.subject_id), []).append(marker)
    with transaction.atomic():
        for markers in by_subject.values():
            _handle_or_park(subscriber, markers)
        move_cursor(subscriber.name, batch.after)


def _handle_or_park(subscriber: Subscriber, markers: list[Marker]) -> None:
    try:
        with transaction.atomic():
            subscriber.handle(markers)
    except Exception as failure:  # noqa: BLE001 - see above
        park_problem(subscriber.name, markers[-1], repr(failure))


def park_problem(subscriber_name: str, marker: Marker, reason: str) -> None:
    """Put a subject aside with its reason. It is tried again after 1, 2, 4 … minutes, at most every six hours."""
    problem, is_new = Problem.objects.get_or_create(
        subscriber=subscriber_name,
        kind=marker.kind,
        subject_id=marker.subject_id,
        defaults={
            "tenant": marker.tenant,
            "reason": reason,
            "first_seen_at": clock.now(),
            "next_try_at": clock.now() + timedelta(minutes=1),
        },
    )
    if not is_new:
        problem.attempts += 1
        problem.reason = reason
        problem.next_try_at = clock.now() + min(timedelta(minutes=2 ** min(problem.attempts - 1, 12)), _LONGEST_WAIT)
        problem.save()


def _retry_due_problems(subscriber: Subscriber) -> None:
    due = Problem.objects.filter(subscriber=subscriber.name, next_try_at__lte=clock.now()).order_by("next_try_at")[:50]
    for problem in due:
        marker = Marker(
            0, problem.tenant, "core.problem.retried", problem.kind, problem.subject_id, "", None, {}, clock.now()
        )
        with transaction.atomic():
            _handle_or_park(subscriber, [marker])
            Problem.objects.filter(pk=problem.pk, attempts=problem.attempts).delete()
