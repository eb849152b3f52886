from datetime import timedelta

from kakehashi.core import clock
from kakehashi.core.jobs import jobs

from .models import Presence


@jobs.periodic(cron="41 3 * * *")
@jobs.task(name="desk.forget_presences", queueing_lock="desk.forget_presences")
def forget_presences(timestamp: int) -> None:
    Presence.objects.filter(seen_at__lt=clock.now() - timedelta(days=1)).delete()
