"""Background jobs: enqueued in the transaction of the change, so a crash loses none (Procrastinate).

Use `@jobs.task(...)` in a feature's `jobs.py` and `task.defer(...)` from an action. A job carries ids, never records, and must
bear being run twice: a worker that is killed leaves its job to be run again (assembly/worker/claims.py).
"""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app as jobs
from procrastinate.job_context import JobContext

RETRY = RetryStrategy(max_attempts=12, exponential_wait=2)

__all__ = ["RETRY", "jobs"]


@jobs.periodic(cron="17 4 * * *")
@jobs.task(name="core.forget_old_jobs", queueing_lock="core.forget_old_jobs", pass_context=True)
async def forget_old_jobs(context: JobContext, timestamp: int) -> None:
    """What failed for good is kept a month for whoever looks into it."""
    await context.app.job_manager.delete_old_jobs(
        nb_hours=24 * 30, include_failed=True, include_cancelled=True, include_aborted=True
    )
