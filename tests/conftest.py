"""Real PostgreSQL for every test: one cluster per checkout below build/ (settings.py), one database per worker process."""

import os
from collections.abc import Callable, Iterator

import pytest
from django.core.management.commands import flush
from django.db import connection
from hypothesis import settings

from kakehashi.ui.catalogues import compile_all
from tests.makers.sides import Faults, failing_desk
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


@pytest.fixture(scope="session", autouse=True)
def quick_flush() -> Iterator[None]:
    """After a test with real transactions Django truncates every table, hundreds of them, and makes its permissions anew. Here what is
    not empty is emptied; who commits in between is not waited for.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flush, "sql_flush", _statements)
        patch.setattr(flush, "emit_post_migrate_signal", lambda *_args, **_options: None)
        yield


def _statements(*_args: object, **_options: object) -> list[str]:
    kept = {"django_migrations", "django_content_type", "auth_permission"}
    tables = sorted(set(connection.introspection.django_table_names()) - kept)
    return [_EMPTY.format(names=", ".join(f"'{name}'" for name in tables))]


# Without foreign keys, since everything goes; again where a request that is still under way holds a row the other way round.
_EMPTY = """
DO $$
DECLARE name text; is_filled boolean;
BEGIN
    SET LOCAL session_replication_role = replica;
    FOR attempt IN 1..9 LOOP
        BEGIN
            FOREACH name IN ARRAY ARRAY[{names}] LOOP
                EXECUTE format('SELECT EXISTS (SELECT FROM %I)', name) INTO is_filled;
                IF is_filled THEN EXECUTE format('DELETE FROM %I', name); END IF;
            END LOOP;
            EXIT;
        EXCEPTION WHEN deadlock_detected THEN
            IF attempt = 9 THEN RAISE; END IF;
        END;
    END LOOP;
END $$
"""


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


@pytest.fixture
def faults() -> Iterator[Faults]:
    """What the Desk does not answer to the bridge just now."""
    with failing_desk() as found:
        yield found
