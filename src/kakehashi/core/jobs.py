"""Background jobs: enqueued in the transaction of the change, so a crash loses none (Procrastinate).

Use `@jobs.task(...)` in a feature's `jobs.py` and `task.defer(...)` from an action. A job carries ids, never records, and must
bear being run twice: a worker that is killed leaves its job to be run again.
"""

import logging

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app as jobs
from procrastinate.job_context import JobContext

logger = logging.getLogger(__name__)

RETRY = RetryStrategy(max_attempts=12, exponential_wait=2)

__all__ = ["RETRY", "jobs", "retry_stalled_jobs"]


@jobs.periodic(cron="* * * * * */15")
@jobs.task(queueing_lock="retry_stalled_jobs", pass_context=True)
async def retry_stalled_jobs(context: JobContext, timestamp: int) -> None:
    """Give jobs of workers that died (no heartbeat for 30 s) back to the queue."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=30):
        logger.warning("Job %s (%s) was left by a dead worker; it runs again", job.id, job.task_name)
        await manager.retry_job(job)
