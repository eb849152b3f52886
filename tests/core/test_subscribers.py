"""Design §4: at least once, position saved with the work, one bad subject holds up no other."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import psycopg
import pytest
from django.db import connection, transaction

from kakehashi.core import clock
from kakehashi.core.actors import SYSTEM
from kakehashi.core.events.log import Fact, write_facts
from kakehashi.core.events.models import Cursor, Event, Problem
from kakehashi.core.events.reading import Marker, begin_epoch, read_after, start_of_log
from kakehashi.core.events.subscribers import Subscriber, claim, move_cursor, read_once

pytestmark = pytest.mark.django_db(transaction=True)


class Reader:
    """A subscriber that remembers what it saw and fails where told to."""

    def __init__(self, *, bad: set[int] | None = None, batch_size: int = 500) -> None:
        self.seen: list[int] = []
        self.bad = bad or set()
        self.recovered = 0
        self.subscriber = Subscriber("test", ["test.thing.happened"], self.handle, self.recover, batch_size)

    def handle(self, markers: Sequence[Marker]) -> None:
        for marker in markers:
            if marker.subject_id in self.bad:
                raise ValueError(f"cannot do {marker.subject_id}")
        self.seen += [marker.subject_id for marker in markers]

    def recover(self) -> None:
        self.recovered += 1


def write(*subject_ids: int, topic: str = "test.thing.happened") -> None:
    with transaction.atomic():
        write_facts([Fact("org:1", topic, "thing", subject_id) for subject_id in subject_ids], SYSTEM)


def test_each_event_is_seen_once_when_nothing_goes_wrong() -> None:
    reader = Reader(batch_size=2)
    write(1, 2, 3)
    assert read_once(reader.subscriber)
    assert not read_once(reader.subscriber)
    write(4)
    read_once(reader.subscriber)
    assert reader.seen == [1, 2, 3, 4]


def test_topics_of_others_are_skipped_and_not_read_again() -> None:
    reader = Reader()
    write(1, topic="test.other.happened")
    read_once(reader.subscriber)
    before = Cursor.objects.get(name="test")
    assert reader.seen == []
    assert before.xid >= Event.objects.get().xid


def test_whom_nothing_concerns_writes_its_position_down_once_a_second() -> None:
    reader, now = Reader(), clock.now()
    with clock.frozen_at(now):
        read_once(reader.subscriber)
        before = Cursor.objects.get(name="test")
        write(1, topic="test.other.happened")
        read_once(reader.subscriber)
        assert Cursor.objects.get(name="test").xid == before.xid
    with clock.frozen_at(now + timedelta(seconds=2)):
        read_once(reader.subscriber)
        assert Cursor.objects.get(name="test").xid > before.xid
        write(2)
        read_once(reader.subscriber)
    assert reader.seen == [2], "what concerns it is read at once"


def test_a_process_that_dies_in_the_midst_of_its_work_leaves_the_cursor_where_it_was() -> None:
    class Killed(BaseException):
        """The process is gone."""

    def die(_markers: Sequence[Marker]) -> None:
        raise Killed

    reader = Reader()
    write(1)
    with pytest.raises(Killed):
        read_once(replace(reader.subscriber, handle=die))
    read_once(reader.subscriber)
    assert reader.seen == [1]


def test_a_bad_subject_is_parked_and_the_others_go_on() -> None:
    reader = Reader(bad={2})
    write(1, 2, 3)
    read_once(reader.subscriber)
    assert reader.seen == [1, 3]
    problem = Problem.objects.get()
    assert (problem.subject_id, problem.attempts) == (2, 1)
    assert "cannot do 2" in problem.reason


def test_a_parked_subject_is_tried_again_when_due_and_then_forgotten() -> None:
    reader = Reader(bad={2})
    write(2)
    read_once(reader.subscriber)
    with clock.frozen_at(clock.now() + timedelta(minutes=2)):
        read_once(reader.subscriber)
        assert Problem.objects.get().attempts == 2
    reader.bad.clear()
    with clock.frozen_at(clock.now() + timedelta(minutes=10)):
        read_once(reader.subscriber)
    assert reader.seen == [2]
    assert not Problem.objects.exists()


def test_a_paused_subscriber_reads_nothing_and_loses_nothing() -> None:
    reader = Reader()
    read_once(reader.subscriber)
    Cursor.objects.update_or_create(
        name="test",
        defaults={
            "paused_at": clock.now(),
            "epoch": start_of_log().epoch,
            "xid": 0,
            "event_id": 0,
            "moved_at": clock.now(),
        },
    )
    write(1)
    read_once(reader.subscriber)
    assert reader.seen == []
    Cursor.objects.update(paused_at=None)
    read_once(reader.subscriber)
    assert reader.seen == [1]


def test_moving_the_cursor_back_replays() -> None:
    reader = Reader()
    write(1)
    read_once(reader.subscriber)
    move_cursor("test", start_of_log())
    read_once(reader.subscriber)
    assert reader.seen == [1, 1]


def test_a_void_position_leads_to_a_full_compare() -> None:
    reader = Reader()
    write(1)
    read_once(reader.subscriber)
    begin_epoch()
    assert read_once(reader.subscriber)
    write(2)
    read_once(reader.subscriber)
    assert reader.recovered == 1
    assert reader.seen == [1, 2]  # neither skipped nor seen twice


def test_events_of_a_cluster_that_was_far_ahead_stay_readable_after_a_restore() -> None:
    write(1)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE core_event SET xid = '9000000000'::xid8")
    begin_epoch()
    assert [marker.subject_id for marker in read_after(start_of_log()).markers] == [1]


def test_a_subscriber_claimed_by_another_process_is_left_alone() -> None:
    reader = Reader()
    write(1)
    parameters = connection.get_connection_params()
    other = psycopg.connect(
        host=parameters["host"], user=parameters["user"], dbname=parameters["dbname"], autocommit=True
    )
    with other:
        other.execute("SELECT pg_advisory_lock(hashtextextended('subscriber:test', 0))")
        assert not read_once(reader.subscriber)
        assert reader.seen == []
        other.execute("SELECT pg_advisory_unlock_all()")
        read_once(reader.subscriber)
    assert reader.seen == [1]


def test_a_claim_is_given_back_even_when_the_work_fails() -> None:
    with pytest.raises(ZeroDivisionError), claim("x"):
        _ = 1 / 0
    with claim("x") as is_ours:
        assert is_ours
