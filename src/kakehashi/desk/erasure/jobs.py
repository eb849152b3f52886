from datetime import timedelta

from kakehashi.core import clock
from kakehashi.core.jobs import RETRY, jobs

from .models import Erasure
from .running import work_off

_STUCK_AFTER = timedelta(minutes=10)


@jobs.task(name="desk.run_erasure", retry=RETRY)
def run_erasure(erasure_id: int) -> None:
    """Erase to the end; run again after a kill, it goes on with what is still there."""
    work_off(erasure_id)


@jobs.periodic(cron="*/10 * * * *")
@jobs.task(name="desk.resume_erasures", queueing_lock="desk.resume_erasures")
def resume_erasures(timestamp: int = 0) -> None:
    """What was given up is begun again: nobody's data stay half erased."""
    waiting = Erasure.objects.filter(finished_at=None, started_at__lt=clock.now() - _STUCK_AFTER)
    for erasure_id in waiting.values_list("pk", flat=True):
        run_erasure.configure(lock=f"desk.erasure:{erasure_id}").defer(erasure_id=erasure_id)
