"""A worker: background jobs and the event log's subscribers, in one process. Any number of them may run, on any machine."""

import asyncio
import os
import threading

import django


def run_worker(concurrency: int = 4) -> None:
    """Until SIGTERM or SIGINT."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kakehashi.assembly.settings")
    django.setup()
    from kakehashi.core.events.loop import run_forever

    stopped = threading.Event()
    reader = threading.Thread(target=run_forever, args=[stopped], name="events")
    reader.start()
    try:
        asyncio.run(_run_jobs(concurrency))
    finally:
        stopped.set()
        reader.join()


async def _run_jobs(concurrency: int) -> None:
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.django_connector import DjangoConnector

    assert isinstance(app.connector, DjangoConnector)  # noqa: S101 - tells the type
    worker_app = app.with_connector(app.connector.get_worker_connector())
    async with worker_app.open_async():
        await worker_app.run_worker_async(concurrency=concurrency, delete_jobs="successful")
