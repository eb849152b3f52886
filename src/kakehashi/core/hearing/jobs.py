"""What no token is old enough for any more."""

from datetime import timedelta

from kakehashi.core import clock
from kakehashi.core.jobs import jobs

from .models import EndedHearing

KEPT = timedelta(days=1)


@jobs.periodic(cron="11 4 * * *")
@jobs.task(name="core.forget_ended_hearings", queueing_lock="core.forget_ended_hearings")
def forget_ended_hearings(timestamp: int) -> None:
    EndedHearing.objects.filter(at__lt=clock.now() - KEPT).delete()
