"""Which workers live, said by PostgreSQL itself.

Every worker holds a session lock under its number. When its process dies, however it dies, the server gives the lock up at once,
and the next worker that looks gives its jobs back to the queue. A heartbeat alone would have to choose between waiting long
and taking a job away from a worker that is merely busy.
"""

import asyncio
import logging
from typing import Any

import psycopg
from asgiref.sync import sync_to_async
from procrastinate import exceptions, utils
from procrastinate.connector import BaseConnector
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager

from kakehashi.core.jobs import tell_of_giving_up

logger = logging.getLogger(__name__)

SWEEP_SECONDS = 3.0
LOCK_SPACE = 0x6B616B65  # "kake": our own number space among advisory locks
_MOST_ATTEMPTS = 8  # of a job whose worker dies each time: perhaps the job kills it

LIVING_WORKERS = f"""
    SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = {LOCK_SPACE} AND objsubid = 2 AND granted
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""  # noqa: S608 - a number of ours

# Not ourselves: a session gets a lock that it holds already.
_DEAD_WORKERS = """
    SELECT id FROM procrastinate_workers
    WHERE id <> %s AND last_heartbeat < now() - interval '3 seconds' AND pg_try_advisory_xact_lock(%s, id::int)
"""
_THEIR_JOBS = """
    SELECT id, task_name, args, attempts FROM procrastinate_jobs
    WHERE status = 'doing' AND (worker_id = ANY(%s) OR worker_id IS NULL) ORDER BY id
"""


class ClaimingJobManager(JobManager):
    """Procrastinate's, with a claim per worker. `keeper` is a connection that lives exactly as long as this worker."""

    def __init__(self, connector: BaseConnector, keeper: psycopg.AsyncConnection) -> None:
        super().__init__(connector)
        self._keeper = keeper
        self._own_id = 0

    async def register_worker(self) -> int:
        self._own_id = await super().register_worker()
        await self._keeper.execute("SELECT pg_advisory_lock(%s, %s)", [LOCK_SPACE, self._own_id])
        return self._own_id

    async def prune_stalled_workers(self, seconds_since_heartbeat: float) -> list[int]:
        """In place of Procrastinate's own way, which goes by heartbeats."""
        return await self.give_back_jobs()

    async def give_back_jobs(self) -> list[int]:
        """Put the jobs of dead workers back into the queue. Answers those workers' numbers; two workers never do it at once."""
        async with self._keeper.transaction():
            rows = await (await self._keeper.execute(_DEAD_WORKERS, [self._own_id, LOCK_SPACE])).fetchall()
            dead = [row[0] for row in rows]
            for job_id, task_name, arguments, attempts in await (
                await self._keeper.execute(_THEIR_JOBS, [dead])
            ).fetchall():
                await self._give_back(job_id, task_name, arguments, attempts)
            await self._keeper.execute("DELETE FROM procrastinate_workers WHERE id = ANY(%s)", [dead])
        return dead

    async def keep_giving_back(self) -> None:
        """Until cancelled. Raises when the connection is lost, and with it our claim on our own jobs."""
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            await self.give_back_jobs()

    async def finish_job(self, job: Job, status: Status, delete_job: bool) -> None:
        """A job that failed here is not tried again: who waits for it is told before it ends, so that a kill in between loses nothing."""
        if status == Status.FAILED:
            await _tell(job.task_name, job.task_kwargs)
        await super().finish_job(job, status, delete_job)

    async def _give_back(self, job_id: int, task_name: str, arguments: dict[str, Any], attempts: int) -> None:
        try:
            if attempts < _MOST_ATTEMPTS:
                logger.warning("Job %s (%s) was left by a worker that died; it runs again", job_id, task_name)
                await self.retry_job_by_id_async(job_id, retry_at=utils.utcnow())
                return
            logger.error("Job %s (%s) was left by %s workers that died; it is given up", job_id, task_name, attempts)
            await _tell(task_name, arguments)
        except exceptions.UniqueViolation:  # a newer one of its kind waits already
            logger.info("Job %s (%s) was left by a worker that died; its successor waits", job_id, task_name)
        await self.finish_job_by_id_async(job_id, status=Status.FAILED, delete_job=False)


async def _tell(task_name: str, arguments: dict[str, Any]) -> None:
    """The job ends also when its last words fail."""
    try:
        await sync_to_async(tell_of_giving_up, thread_sensitive=False)(task_name, arguments)
    except Exception:
        logger.exception("Nobody could be told that a job (%s) was given up", task_name)
