"""How long the database may think about one page."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction
from psycopg.errors import QueryCanceled


class TookTooLong(Exception):
    """A statement was ended by the database because its time was up."""


@contextmanager
def at_most(milliseconds: int, *, by_index: bool = False) -> Iterator[None]:
    """Every statement within ends after so long, and `TookTooLong` is raised. What was written within is undone then.

    `by_index`: no table is read from its beginning where an index leads in. For the first rows of a list, or so many of them: the database
    hopes to meet them soon wherever it begins, and reads on through the rows of all other tenants where it does not.
    """
    is_within = connection.in_atomic_block
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            seek = "SET LOCAL enable_seqscan TO {}; " if by_index else ""
            cursor.execute(f"{seek.format('off')}SET LOCAL statement_timeout = {int(milliseconds)}")
            yield
            if is_within:  # else it ends with the transaction
                cursor.execute(f"{seek.format('DEFAULT')}SET LOCAL statement_timeout TO DEFAULT")
    except OperationalError as ended:
        if isinstance(ended.__cause__, QueryCanceled):
            raise TookTooLong from ended
        raise
