"""What a command needs before it may touch the database."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from kakehashi.assembly.environment import embedded_cluster


@contextmanager
def database_in_use() -> Iterator[None]:
    """The embedded PostgreSQL runs (and is stopped again if nobody else uses it), or the other one is fit."""
    if cluster := embedded_cluster():
        with cluster.in_use():
            yield
        return
    from kakehashi.assembly.postgres.external import require_usable

    require_usable(os.environ["DATABASE_URL"])
    yield


@contextmanager
def set_up_django() -> Iterator[None]:
    """The database is in use, its tables are up to date, and Django is ready."""
    with database_in_use():
        load_django()
        from kakehashi.assembly.serve.migrations import migrate

        migrate()
        yield


def load_django() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kakehashi.assembly.settings")
    django.setup()
