"""A worker with a job and a subscriber that stop half-way until the file named by CONTINUE is there. Run by test_worker_is_killed.py."""

import os
import time
from collections.abc import Sequence
from pathlib import Path

import django


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "kakehashi.assembly.settings"
    django.setup()
    from django.db import connection, transaction

    from kakehashi.assembly.worker.run import run_worker
    from kakehashi.core.events.loop import add_subscriber
    from kakehashi.core.events.reading import Marker
    from kakehashi.core.events.subscribers import Subscriber
    from kakehashi.core.jobs import jobs

    def note(table: str, what: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {table} VALUES (%s)", [what])  # noqa: S608 - ours

    @jobs.task(name="test.follow")
    def follow(number: int) -> None:
        note("followed", number)

    @jobs.task(name="test.work")
    def work(number: int) -> None:
        note("begun", number)
        with transaction.atomic():
            note("worked", number)
            follow.defer(number=number)
            wait_until_allowed()

    def handle(markers: Sequence[Marker]) -> None:
        for marker in markers:
            note("handled", marker.subject_id)
        wait_until_allowed()

    add_subscriber(Subscriber("test.subscriber", ["test.thing.happened"], handle))
    run_worker()


def wait_until_allowed() -> None:
    while not Path(os.environ["CONTINUE"]).exists():
        time.sleep(0.02)


if __name__ == "__main__":
    main()
