from kakehashi.core.jobs import jobs

from .comparison import start_due_comparisons


@jobs.periodic(cron="*/10 * * * *")
@jobs.task(name="bridge.compare_by_night", queueing_lock="bridge.compare_by_night", lock="bridge.compare_by_night")
def compare_by_night(timestamp: int) -> None:
    """Every ten minutes, so that a night that passed during a standstill is made up for."""
    start_due_comparisons()
