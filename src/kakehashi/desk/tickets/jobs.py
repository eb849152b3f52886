from datetime import timedelta

from kakehashi.core import clock
from kakehashi.core.jobs import jobs

from .models import OpeningKey

_KEPT = timedelta(days=3)


@jobs.periodic(cron="52 3 * * *")
@jobs.task(name="desk.forget_opening_keys", queueing_lock="desk.forget_opening_keys")
def forget_opening_keys(timestamp: int) -> None:
    """Nobody sends a form again after so long."""
    OpeningKey.objects.filter(at__lt=clock.now() - _KEPT).delete()
