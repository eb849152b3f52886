"""Design §4: no event is skipped, whoever writes, however slowly, and whoever rolls back."""

import threading
from collections.abc import Callable

import psycopg
import pytest
from django.db import connection, transaction

from kakehashi.core.actors import SYSTEM
from kakehashi.core.events.log import Fact, write_fact
from kakehashi.core.events.reading import (
    PositionIsVoid,
    begin_epoch,
    head_of_log,
    parse_token,
    read_after,
    start_of_log,
)

pytestmark = pytest.mark.django_db(transaction=True)


def make_fact(subject_id: int) -> Fact:
    return Fact(tenant="org:1", topic="test.thing.happened", kind="thing", subject_id=subject_id)


def write(subject_id: int) -> None:
    with transaction.atomic():
        write_fact(make_fact(subject_id), SYSTEM)


def in_thread(work: Callable[[], None]) -> threading.Thread:
    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_an_event_that_commits_late_is_still_read() -> None:
    wrote, may_commit = threading.Event(), threading.Event()

    def slow_writer() -> None:
        with transaction.atomic():
            write_fact(make_fact(1), SYSTEM)
            wrote.set()
            may_commit.wait(10)

    thread = in_thread(slow_writer)
    wrote.wait(10)
    write(2)
    first = read_after(start_of_log())
    may_commit.set()
    thread.join()
    second = read_after(first.after)
    assert [marker.subject_id for marker in first.markers + second.markers] == [1, 2]
    assert first.markers == []


def test_a_rolled_back_event_is_never_read() -> None:
    class Changed(Exception):
        pass

    with pytest.raises(Changed), transaction.atomic():
        write_fact(make_fact(1), SYSTEM)
        raise Changed
    write(2)
    assert [marker.subject_id for marker in read_after(start_of_log()).markers] == [2]


def test_nothing_is_missed_under_concurrent_writers() -> None:
    def writer(first: int) -> Callable[[], None]:
        return lambda: [write(first + number) for number in range(50)] and None

    position, seen = start_of_log(), []
    threads = [in_thread(writer(1_000 * number)) for number in range(6)]
    while any(thread.is_alive() for thread in threads):
        batch = read_after(position, limit=7)
        position, seen = batch.after, seen + batch.markers
    while (batch := read_after(position, limit=7)).markers:
        position, seen = batch.after, seen + batch.markers
    assert sorted(marker.subject_id for marker in seen) == sorted(1_000 * n + i for n in range(6) for i in range(50))


def test_a_reader_that_starts_at_the_head_sees_only_what_comes_later() -> None:
    write(1)
    head = head_of_log()
    write(2)
    assert [marker.subject_id for marker in read_after(head).markers] == [2]


def test_a_transaction_of_another_database_holds_nobody_up() -> None:
    settings = connection.get_connection_params()
    with psycopg.connect(host=settings["host"], user=settings["user"], dbname="postgres") as elsewhere:
        elsewhere.execute("SELECT pg_current_xact_id()")
        write(1)
        assert [marker.subject_id for marker in read_after(start_of_log()).markers] == [1]


def test_ones_own_transaction_is_not_read_before_it_ends() -> None:
    with transaction.atomic():
        write_fact(make_fact(1), SYSTEM)
        assert read_after(start_of_log()).markers == []
    assert [marker.subject_id for marker in read_after(start_of_log()).markers] == [1]


def test_a_position_of_an_earlier_epoch_is_refused() -> None:
    token = start_of_log().token()
    begin_epoch()
    with pytest.raises(PositionIsVoid):
        parse_token(token)


def test_an_event_outside_a_transaction_is_refused() -> None:
    with pytest.raises(RuntimeError):
        write_fact(make_fact(1), SYSTEM)
