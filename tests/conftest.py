"""Real PostgreSQL for every test: one cluster per checkout below build/ (settings.py), one database per worker process."""

from collections.abc import Callable

import pytest

from kakehashi.ui.catalogues import compile_all
from tests.spec_plugin import SpecResults, mark_spec


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(SpecResults())
    if not hasattr(config, "workerinput"):
        compile_all()


def pytest_runtest_setup(item: pytest.Item) -> None:
    mark_spec(item)


@pytest.fixture
def drain(transactional_db: None) -> Callable[[], int]:
    """Run every subscriber, step and job until nothing is left to do. Answers the number of rounds."""
    from kakehashi.core.events.loop import run_until_idle

    return run_until_idle
