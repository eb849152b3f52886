"""The product's settings on a database and a data folder of the tests. pytest-django reads these before any conftest is run."""

import atexit
import os
import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path

from kakehashi.assembly.postgres.cluster import Cluster

if "KAKEHASHI_DATA" not in os.environ:
    os.environ["KAKEHASHI_DATA"] = tempfile.mkdtemp(prefix="kakehashi-test-")
    atexit.register(shutil.rmtree, os.environ["KAKEHASHI_DATA"], ignore_errors=True)
if "DATABASE_URL" not in os.environ:  # workers of pytest-xdist inherit it
    cluster = Cluster(Path(__file__).resolve().parent.parent / "build" / "test-postgres", durable=False)
    running = ExitStack()
    running.enter_context(cluster.in_use())
    atexit.register(running.close)
    os.environ["DATABASE_URL"] = cluster.url

from kakehashi.assembly.settings import *  # noqa: F403
from kakehashi.assembly.settings import STATIC_ROOT

STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # else every client of the tests warns that it is missing
