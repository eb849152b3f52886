from django.db.models import QuerySet

from kakehashi.core.fixed_reads import fixed_read
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.tickets.models import Status, StatusType


def offered_statuses(portal: Portal) -> QuerySet[Status]:
    """What a ticket can be set to, in order."""
    return _offered(portal.pk)


def read_statuses(portal: Portal) -> list[Status]:
    """The same, read; a page of tickets asks this each time."""
    return _read(portal.pk)


@fixed_read
def _read(portal_id: int) -> QuerySet[Status]:
    return _offered(portal_id)


def _offered(portal_id: int) -> QuerySet[Status]:
    return Status.objects.filter(portal_id=portal_id, retired_at=None)


def first_status(portal: Portal, kind: StatusType) -> Status:
    """Where the product itself puts a ticket that is closed or comes back. There is always one: see `statuses.actions`."""
    return offered_statuses(portal).filter(type=kind).order_by("position", "id")[0]
