from kakehashi.core.jobs import jobs

from .escalating import escalate_due


@jobs.periodic(cron="* * * * *")
@jobs.task(name="desk.sweep_escalations", queueing_lock="desk.sweep_escalations", lock="desk.sweep_escalations")
def sweep_escalations(timestamp: int) -> None:
    """Once a minute. After a standstill the first one lets everything fire whose moment passed meanwhile."""
    escalate_due()
