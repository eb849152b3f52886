"""Real PostgreSQL for every test: one cluster per checkout below build/, one database per worker process."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from kakehashi.ui.catalogues import compile_all
from tests.spec_plugin import SpecResults, mark_spec

BUILD = Path(__file__).resolve().parent.parent / "build"


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(SpecResults())
    if not hasattr(config, "workerinput"):
        compile_all()
    os.environ.setdefault("KAKEHASHI_DATA", tempfile.mkdtemp(prefix="kakehashi-test-"))
    if "DATABASE_URL" not in os.environ and not hasattr(config, "workerinput"):
        from kakehashi.assembly.postgres.cluster import Cluster

        cluster = Cluster(BUILD / "test-postgres", durable=False)
        cluster.start()
        os.environ["DATABASE_URL"] = cluster.url


def pytest_runtest_setup(item: pytest.Item) -> None:
    mark_spec(item)


@pytest.fixture
def drain(transactional_db: None) -> Callable[[], int]:
    """Run every subscriber, step and job until nothing is left to do. Answers the number of rounds."""
    from kakehashi.core.events.loop import run_until_idle

    return run_until_idle
