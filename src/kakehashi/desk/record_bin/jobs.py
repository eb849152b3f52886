"""Emptying the recycle bins of what has been there long enough."""

from collections.abc import Sequence
from datetime import datetime

from kakehashi.core import clock
from kakehashi.core.attachments.sweeping import forget_bytes
from kakehashi.core.jobs import RETRY, jobs
from kakehashi.desk.portals.models import Portal

from .emptying import empty_bin


@jobs.periodic(cron="41 * * * *")
@jobs.task(name="desk.empty_bins", queueing_lock="desk.empty_bins", lock="desk.empty_bins")
def empty_bins(timestamp: int = 0) -> None:
    """Every hour, of whatever is due by then: a time when nothing ran is made up for by the next one, a killed run as well."""
    for portal in Portal.objects.order_by("pk"):
        empty_bin(portal, remove_later)


def remove_later(digests: Sequence[str]) -> None:
    """In the transaction in which the rows go that named these bytes."""
    if digests:
        remove_bytes.defer(digests=sorted(set(digests)), stored_before=clock.now().isoformat())


@jobs.task(name="desk.remove_bytes", retry=RETRY)
def remove_bytes(digests: Sequence[str], stored_before: str) -> None:
    forget_bytes(digests, datetime.fromisoformat(stored_before))
