"""Brings the database's tables in step with this version, once, however many machines start at the same time."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from kakehashi.assembly.refusal import Refusal

logger = logging.getLogger(__name__)

_LOCK = "kakehashi migrations"


def migrate() -> bool:
    """True when there was something to do. Raises `Refusal` for a database that a newer version wrote."""
    with _alone():
        _require_no_newer()
        waiting = count_waiting()
        if waiting:
            logger.info("Bringing the database up to date: %s steps", waiting)
            call_command("migrate", interactive=False, verbosity=0)
            call_command("createcachetable", verbosity=0)
        return bool(waiting)


def count_waiting() -> int:
    """Migrations that this version has and the database has not."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


@contextmanager
def _alone() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [_LOCK])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [_LOCK])


def _require_no_newer() -> None:
    loader = MigrationExecutor(connection).loader
    ours = {app.label for app in apps.get_app_configs() if app.name.startswith("kakehashi.")}
    unknown = [
        f"{app}.{name}"
        for app, name in loader.applied_migrations
        if app in ours and (app, name) not in loader.disk_migrations
    ]
    if unknown:
        raise Refusal(
            f"The database was written by a newer Kakehashi (it has {max(unknown)}).",
            "Run that newer version, or restore a backup that this one made.",
        )
