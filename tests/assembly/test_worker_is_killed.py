"""A worker killed at the worst moment loses nothing and does nothing twice: PostgreSQL says at once that it is gone."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from tests.assembly.product import PATIENCE_SECONDS, ROOT, environment, wait_for

TABLES = ("begun", "worked", "followed", "handled")


class Work:
    """What the workers of one test have done so far."""

    def __init__(self, url: str) -> None:
        self._connection = psycopg.connect(url, autocommit=True)
        for table in TABLES:
            self._connection.execute(f"CREATE TABLE {table} (number int)")

    def order(self, number: int) -> None:
        self._connection.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args) VALUES ('default', 'test.work', %s)",
            [f'{{"number": {number}}}'],
        )

    def happen(self, number: int) -> None:
        self._connection.execute(
            "INSERT INTO core_event (tenant, topic, kind, subject_id, origin, person_name, data, at) "
            "VALUES ('org:1', 'test.thing.happened', 'thing', %s, '', '', '{}', now())",
            [number],
        )

    def done(self, table: str) -> list[int]:
        return [row[0] for row in self._connection.execute(f"SELECT number FROM {table} ORDER BY number")]  # noqa: S608 - ours

    def waits_in_handler(self) -> bool:
        """The subscriber has written, and not committed."""
        row = self._connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE state = 'idle in transaction' AND query LIKE 'INSERT INTO handled%' AND datname = current_database()"
        ).fetchone()
        return bool(row and row[0])

    def jobs_left(self) -> int:
        row = self._connection.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE task_name LIKE 'test.%'"
        ).fetchone()
        assert row
        return int(row[0])

    def end(self) -> None:
        self._connection.close()


@pytest.fixture
def work(database: str) -> Iterator[Work]:
    found = Work(database)
    yield found
    found.end()


@contextmanager
def worker(database: str, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    env = environment(folder, database, CONTINUE=str(folder / "continue"))
    process = subprocess.Popen([sys.executable, "-m", "tests.assembly.crashing_worker"], env=env, cwd=ROOT)
    try:
        yield process
    finally:
        process.kill()
        process.wait(PATIENCE_SECONDS)


def test_a_killed_workers_job_and_batch_are_done_once_by_the_next(work: Work, database: str, tmp_path: Path) -> None:
    work.order(1)
    work.happen(7)
    with worker(database, tmp_path) as first:
        wait_for(lambda: work.done("begun") == [1] and work.waits_in_handler())
        first.kill()
    assert (work.done("worked"), work.done("followed"), work.done("handled")) == ([], [], [])
    (tmp_path / "continue").touch()
    with worker(database, tmp_path) as second:
        wait_for(lambda: work.done("followed") == [1] and work.done("handled") == [7])
        wait_for(lambda: work.jobs_left() == 0)
        second.terminate()
        assert second.wait(PATIENCE_SECONDS) == 0
    assert (work.done("begun"), work.done("worked"), work.done("handled")) == ([1, 1], [1], [7])


def test_a_job_is_taken_over_within_seconds_and_never_from_a_living_worker(
    work: Work, database: str, tmp_path: Path
) -> None:
    work.order(1)
    with worker(database, tmp_path) as busy:
        wait_for(lambda: work.done("begun") == [1])
        with worker(database, tmp_path):
            time.sleep(8)  # longer than a sweep: the job is still its first worker's
            assert work.done("begun") == [1]
            (tmp_path / "continue").touch()
            busy.kill()
            killed = time.monotonic()
            wait_for(lambda: work.done("followed") == [1])
            assert time.monotonic() - killed < 15
    assert work.done("worked") == [1]


def test_a_job_left_half_done_at_the_end_of_patience_is_given_back(work: Work, database: str, tmp_path: Path) -> None:
    work.order(1)
    with worker(database, tmp_path) as stopping:
        wait_for(lambda: work.done("begun") == [1])
        stopping.terminate()
        assert stopping.wait(PATIENCE_SECONDS) == 0
    (tmp_path / "continue").touch()
    with worker(database, tmp_path):
        wait_for(lambda: work.done("followed") == [1])
    assert work.done("worked") == [1]
