"""The product's settings on a database and a data folder of the tests. pytest-django reads these before any conftest is run."""

import os
import tempfile
from pathlib import Path

from kakehashi.assembly.postgres.cluster import Cluster

os.environ.setdefault("KAKEHASHI_DATA", tempfile.mkdtemp(prefix="kakehashi-test-"))
if "DATABASE_URL" not in os.environ:  # workers of pytest-xdist inherit it
    cluster = Cluster(Path(__file__).resolve().parent.parent / "build" / "test-postgres", durable=False)
    cluster.start()
    os.environ["DATABASE_URL"] = cluster.url

from kakehashi.assembly.settings import *  # noqa: F403
