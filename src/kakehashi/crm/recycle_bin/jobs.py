"""Emptying recycle bins of what has been there long enough."""

from kakehashi.core.actors import SYSTEM
from kakehashi.core.jobs import jobs
from kakehashi.core.keeping import due_before
from kakehashi.crm.orgs.models import Org
from kakehashi.crm.records.models import Record

from .actions import purge_records
from .queries import due_records, keep_days

_AT_ONCE = 200


@jobs.periodic(cron="23 * * * *")
@jobs.task(name="crm.empty_bins", queueing_lock="crm.empty_bins")
def empty_bins(timestamp: int = 0) -> None:
    """Every hour, of whatever is due by then: a time when nothing ran is made up for by the next one."""
    due = Record.objects.filter(deleted_at__isnull=False, gone_as="").values("org").distinct()
    for org in Org.objects.filter(pk__in=due):
        empty_bin(org)


def empty_bin(org: Org) -> int:
    """Answers how many records were erased. What others name that stay is left until they no longer do."""
    days = keep_days(org)
    if days is None:
        return 0
    due, count = due_records(org, due_before(days)), 0
    while ids := list(due.order_by("deleted_at", "pk").values_list("pk", flat=True)[:_AT_ONCE]):
        count += len(purge_records(org, record_ids=ids, actor=SYSTEM))
    return count
