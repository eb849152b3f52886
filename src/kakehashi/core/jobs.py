"""Background jobs: enqueued in the transaction of the change, so a crash loses none (Procrastinate).

Use `@jobs.task(...)` in a feature's `jobs.py` and `task.defer(...)` from an action. A job carries ids, never records, and must
bear being run twice: a worker that is killed leaves its job to be run again (assembly/worker/claims.py).
"""

from collections.abc import Callable, Mapping
from typing import Any

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app as jobs
from procrastinate.job_context import JobContext
from procrastinate.tasks import Task

RETRY = RetryStrategy(max_attempts=12, exponential_wait=2)  # for two hours and more
RETRY_WATCHED = RetryStrategy(
    max_attempts=7, exponential_wait=2
)  # for two minutes: somebody waits and can start it again

__all__ = ["RETRY", "RETRY_WATCHED", "jobs", "tell_of_giving_up", "when_given_up"]

_WHEN_GIVEN_UP: dict[str, Callable[..., None]] = {}


def when_given_up(task: Task[Any, Any, Any]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Marks what is done when a job of the task is given up for good, so that people do not look at "running" for ever: its last
    attempt failed, or worker after worker died of it. Called with the job's arguments; it must bear being called twice.
    """

    def mark(work: Callable[..., None]) -> Callable[..., None]:
        _WHEN_GIVEN_UP[task.name] = work
        return work

    return mark


def tell_of_giving_up(task_name: str, arguments: Mapping[str, Any]) -> None:
    """Called by the worker (assembly/worker/claims.py)."""
    if work := _WHEN_GIVEN_UP.get(task_name):
        work(**arguments)


@jobs.periodic(cron="17 4 * * *")
@jobs.task(name="core.forget_old_jobs", queueing_lock="core.forget_old_jobs", pass_context=True)
async def forget_old_jobs(context: JobContext, timestamp: int) -> None:
    """What failed for good is kept a month for whoever looks into it."""
    await context.app.job_manager.delete_old_jobs(
        nb_hours=24 * 30, include_failed=True, include_cancelled=True, include_aborted=True
    )
