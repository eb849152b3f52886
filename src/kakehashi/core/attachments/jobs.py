"""Daily, in the quiet hours."""

from kakehashi.core import clock
from kakehashi.core.jobs import jobs

from .sweeping import sweep


@jobs.periodic(cron="37 4 * * *")
@jobs.task(name="core.sweep_attachments", queueing_lock="core.sweep_attachments")
def sweep_attachments(timestamp: int) -> None:
    sweep(clock.now())
