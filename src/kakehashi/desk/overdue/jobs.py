from kakehashi.core.jobs import jobs

from .actions import tell_overdue


@jobs.periodic(cron="* * * * *")
@jobs.task(name="desk.sweep_overdue", queueing_lock="desk.sweep_overdue", lock="desk.sweep_overdue")
def sweep_overdue(timestamp: int) -> None:
    """Once a minute. After a standstill the first one tells of all that passed meanwhile."""
    tell_overdue()
