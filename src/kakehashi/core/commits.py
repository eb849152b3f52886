"""Commits that the disk need not have at once."""

from django.db import connection


def commit_without_waiting() -> None:
    """For the transaction under way (PostgreSQL's `synchronous_commit = off`). Should the machine fall within the next second, it may be lost:
    as a whole, and with everything that was committed after it. Only for batches of work that goes on from what it finds done.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit TO off")
