from datetime import timedelta

from kakehashi.core import clock
from kakehashi.core.jobs import jobs

from .models import SentForm

_KEPT = timedelta(days=3)


@jobs.periodic(cron="52 3 * * *")
@jobs.task(name="desk.forget_sent_forms", queueing_lock="desk.forget_sent_forms")
def forget_sent_forms(timestamp: int) -> None:
    """Nobody sends a form again after so long."""
    SentForm.objects.filter(at__lt=clock.now() - _KEPT).delete()
