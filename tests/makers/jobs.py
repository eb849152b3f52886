"""Background jobs, worked at once and in this transaction."""

import json

from django.db import connection

from kakehashi.core.jobs import jobs


def run_jobs() -> None:
    """Whatever was deferred, oldest first, until nothing is left."""
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM procrastinate_jobs WHERE id = (SELECT min(id) FROM procrastinate_jobs WHERE status = 'todo')"
                " RETURNING task_name, args"
            )
            row = cursor.fetchone()
        if row is None:
            return
        jobs.tasks[row[0]](**json.loads(row[1]))
