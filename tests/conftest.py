"""Real PostgreSQL for every test: one cluster per checkout below build/ (settings.py), one database per worker process."""

import os
from collections.abc import Callable

import pytest
from django.db import connection
from hypothesis import settings

from kakehashi.ui.catalogues import compile_all
from tests.spec_plugin import SpecResults, mark_spec

# The same examples in every run: a suite says whether a change is good, not whether luck was. HYPOTHESIS_PROFILE=search looks for new ones.
settings.register_profile("suite", derandomize=True, deadline=None)
settings.register_profile("search", deadline=None, max_examples=1_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(SpecResults())
    if not hasattr(config, "workerinput"):
        compile_all()


def pytest_runtest_setup(item: pytest.Item) -> None:
    mark_spec(item)


@pytest.fixture(autouse=True)
def only_own_jobs(request: pytest.FixtureRequest, _django_db_helper: None) -> None:
    """The tables of jobs are no Django models: what a test with real transactions queued would outlive it."""
    marker = request.node.get_closest_marker("django_db")
    is_real = marker is not None and marker.kwargs.get("transaction")
    if is_real or {"transactional_db", "live_server"} & set(request.fixturenames):
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs WHERE status = 'todo'")


@pytest.fixture
def drain(transactional_db: None) -> Callable[[], int]:
    """Run every subscriber, step and job until nothing is left to do. Answers the number of rounds."""
    from kakehashi.core.events.loop import run_until_idle

    return run_until_idle
