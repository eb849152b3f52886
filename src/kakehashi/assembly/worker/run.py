"""A worker: background jobs and the event log's subscribers, in one process. Any number of them may run, on any machine."""

import asyncio
import contextlib
import gc
import logging
import os
import signal
import threading
from concurrent.futures import ThreadPoolExecutor

import django
import psycopg
from asgiref.sync import sync_to_async
from django.db import close_old_connections
from procrastinate.exceptions import ConnectorException

from kakehashi.core.watchers import Watcher

logger = logging.getLogger(__name__)

_STOP_SECONDS = 8.0
_PAUSE_SECONDS = 2.0


def run_worker(concurrency: int = 4) -> None:
    """Until SIGTERM or SIGINT. What does not end in time is cut off: another worker takes it up where its last commit left it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kakehashi.assembly.settings")
    django.setup()
    gc.freeze()  # the code is never garbage: without this, a long import spends a tenth of its time on looking through it
    stopped = threading.Event()
    reader = threading.Thread(target=_read_events, args=[stopped], name="events", daemon=True)
    reader.start()
    watchers = _start_watchers(stopped)
    loop = asyncio.new_event_loop()
    loop.set_default_executor(ThreadPoolExecutor(concurrency, thread_name_prefix="job"))
    loop.run_until_complete(_run_jobs(concurrency, stopped))
    for thread in (reader, *watchers):
        thread.join(_STOP_SECONDS)
    if any(thread.is_alive() for thread in (reader, *watchers)):
        _cut_off()


def _start_watchers(stopped: threading.Event) -> list[threading.Thread]:
    from kakehashi.core.watchers import WATCHERS

    threads = [
        threading.Thread(target=_keep_running, args=[watcher, stopped], name=watcher.name, daemon=True)
        for watcher in WATCHERS
    ]
    for thread in threads:
        thread.start()
    return threads


def _keep_running(watcher: Watcher, stopped: threading.Event) -> None:
    while not stopped.is_set():
        try:
            watcher.run(stopped)
        except Exception:
            logger.exception("The watcher %r failed; trying again", watcher.name)
            stopped.wait(5)


def _read_events(stopped: threading.Event) -> None:
    from kakehashi.core.events.loop import run_forever

    while not stopped.is_set():
        try:
            run_forever(stopped)
        except Exception:
            logger.exception("Reading the event log failed; trying again")
            stopped.wait(5)


async def _run_jobs(concurrency: int, stopped: threading.Event) -> None:
    stop = asyncio.Event()

    def stop_all() -> None:
        stopped.set()
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop_all)
    while not stop.is_set():
        await sync_to_async(close_old_connections)()  # the one that enqueues periodic jobs may be broken
        try:
            await _work(concurrency, stop)
        except (psycopg.Error, ConnectorException, OSError) as failure:
            logger.warning(
                "Background jobs wait for the database: %s", " ".join(str(failure.__cause__ or failure).split())
            )
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), _PAUSE_SECONDS)


async def _work(concurrency: int, stop: asyncio.Event) -> None:
    """Until `stop`, or until the database goes away."""
    from procrastinate import PsycopgConnector

    from kakehashi.core.events.listening import listening_conninfo
    from kakehashi.core.jobs import jobs

    from .claims import ClaimingJobManager
    from .telling import tell_of_job

    connector = PsycopgConnector(conninfo=listening_conninfo(), min_size=2, max_size=4)
    # A second app over the same tasks: what a job itself enqueues goes through Django's connection, in the job's transaction.
    app = jobs.with_connector(connector)
    async with await psycopg.AsyncConnection.connect(listening_conninfo(), autocommit=True) as keeper, app.open_async():
        app.job_manager = ClaimingJobManager(connector, keeper)
        working = asyncio.create_task(
            app.run_worker_async(
                concurrency=concurrency,
                fetch_job_polling_interval=3.0,
                delete_jobs="successful",
                install_signal_handlers=False,
                worker_middleware=[tell_of_job],
            )
        )
        sweeping = asyncio.create_task(app.job_manager.keep_giving_back())
        stopping = asyncio.create_task(stop.wait())
        done, _ = await asyncio.wait([working, sweeping, stopping], return_when=asyncio.FIRST_COMPLETED)
        sweeping.cancel()
        working.cancel()  # asks it to end what it has begun
        await asyncio.wait([working], timeout=_STOP_SECONDS)
        if not working.done():
            _cut_off()
        for task in done - {stopping}:
            task.result()


def _cut_off() -> None:
    """A thread cannot be ended otherwise, and waiting for it would keep everybody else from stopping."""
    logger.warning("Work in progress is cut off; the next worker takes it up where its last commit left it")
    logging.shutdown()
    os._exit(0)
