"""Worker processes, as `kakehashi worker` starts them."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psutil

from kakehashi.assembly.serve.lifeline import environment_of_child

_START_SECONDS = 60.0
_LONGEST_SECONDS = 1_800.0


@dataclass(frozen=True, slots=True)
class Workers:
    processes: list["subprocess.Popen[bytes]"]

    def until(self, is_done: Callable[[], bool]) -> None:
        """Look every 20 ms. A worker that ends by itself is an error."""
        end = time.monotonic() + _LONGEST_SECONDS
        while not is_done():
            assert all(one.poll() is None for one in self.processes), "a worker has ended by itself"
            assert time.monotonic() < end, "it takes for ever"
            time.sleep(0.02)

    def megabytes(self) -> float:
        """What the largest of them holds in memory."""
        return max(psutil.Process(one.pid).memory_info().rss for one in self.processes) / 2**20


@contextmanager
def workers(count: int) -> Iterator[Workers]:
    """`count` of them, all listening, until the end of the block."""
    listening = listeners()
    command = [sys.executable, "-m", "kakehashi", "worker", "--jobs", "1"]
    started = Workers([subprocess.Popen(command, env=environment_of_child()) for _ in range(count)])  # noqa: S603 - our own program
    try:
        end = time.monotonic() + _START_SECONDS
        while listeners() < listening + count:
            assert time.monotonic() < end, "the workers do not start"
            time.sleep(0.05)
        yield started
    finally:
        for one in started.processes:
            one.terminate()
        for one in started.processes:
            one.wait()


def listeners() -> int:
    """Connections that wait for the log's notices."""
    from django.db import connection

    from kakehashi.core.events.log import CHANNEL

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE query = %s", [f"LISTEN {CHANNEL}"])
        return int(cursor.fetchone()[0])
