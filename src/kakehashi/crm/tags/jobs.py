"""What became of tags that nobody took back."""

from datetime import timedelta

from kakehashi.core import clock
from kakehashi.core.jobs import jobs

from .models import RecordTag, Tag

KEPT = timedelta(days=30)
_BATCH = 5_000


@jobs.periodic(cron="23 3 * * *")
@jobs.task(name="crm.erase_deleted_tags", queueing_lock="crm.erase_deleted_tags")
def erase_deleted_tags(timestamp: int) -> None:
    """For good after a month, in small transactions."""
    for tag in Tag.objects.filter(deleted_at__lt=clock.now() - KEPT):
        marks = RecordTag.objects.filter(tag=tag)
        while ids := list(marks.values_list("pk", flat=True)[:_BATCH]):
            RecordTag.objects.filter(pk__in=ids).delete()
        tag.delete()
