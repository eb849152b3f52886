"""Around each job: what its lines in the log are about, and its place in the figures."""

import time
from typing import Any

from procrastinate.job_context import JobContext
from procrastinate.middleware import AsyncCallNext
from procrastinate.worker import Worker

from kakehashi.assembly.logs.about import about
from kakehashi.assembly.metrics.counters import count_job


async def tell_of_job(call_next: AsyncCallNext, context: JobContext, worker: Worker) -> Any:
    job, started, outcome = context.job, time.perf_counter(), "failed"
    with about(lambda: {"job": job.task_name, "job_id": job.id}):
        try:
            result = await call_next()
            outcome = "done"
            return result
        finally:
            count_job(job.task_name, outcome, time.perf_counter() - started)
