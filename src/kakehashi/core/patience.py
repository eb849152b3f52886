"""How long the database may think about one page."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction
from psycopg.errors import QueryCanceled


class TookTooLong(Exception):
    """A statement was ended by the database because its time was up."""


@contextmanager
def at_most(milliseconds: int) -> Iterator[None]:
    """Every statement within ends after so long, and `TookTooLong` is raised. What was written within is undone then."""
    is_within = connection.in_atomic_block
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = {int(milliseconds)}")
            yield
            if is_within:  # else it ends with the transaction
                cursor.execute("SET LOCAL statement_timeout TO DEFAULT")
    except OperationalError as ended:
        if isinstance(ended.__cause__, QueryCanceled):
            raise TookTooLong from ended
        raise
