from kakehashi.core.jobs import jobs

from .escalating import escalate_due


@jobs.periodic(cron="* * * * *")
@jobs.task(name="bridge.sweep_questions", queueing_lock="bridge.sweep_questions", lock="bridge.sweep_questions")
def sweep_questions(timestamp: int) -> None:
    """Once a minute. After a standstill the first one escalates all that fell due meanwhile."""
    escalate_due()
