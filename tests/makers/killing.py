"""A process of its own that works on the database of the tests and is killed in the midst of it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection

REACHED = "the worst moment"
_BEFORE = f"""
import django, time
django.setup()
def hang():
    print({REACHED!r}, flush=True)
    time.sleep(60)
"""
_PATIENCE_SECONDS = 10


@contextmanager
def killed_within(script: str) -> Iterator[None]:
    """`script` calls `hang()` at the moment at which it is to die. What is within happens then; after it the process is dead."""
    database = connection.get_connection_params()
    place = f"host={database['host']}&port={database.get('port', '')}"
    url = f"postgresql://{database['user']}@/{database['dbname']}?{place}"
    environment = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "kakehashi.assembly.settings"}
    command = [sys.executable, "-c", _BEFORE + script]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == f"{REACHED}\n"
            yield
        finally:
            process.send_signal(signal.SIGKILL)


def until(is_so: Callable[[], bool], work: Callable[[], object]) -> None:
    """Work again until it is so: PostgreSQL notices a death at its own pace."""
    ends = time.monotonic() + _PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < ends, "not within ten seconds"
        work()
