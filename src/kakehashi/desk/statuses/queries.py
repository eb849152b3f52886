from django.db.models import QuerySet

from kakehashi.desk.portals.models import Portal
from kakehashi.desk.tickets.models import Status, StatusType


def offered_statuses(portal: Portal) -> QuerySet[Status]:
    """What a ticket can be set to, in order."""
    return Status.objects.filter(portal=portal, retired_at=None)


def first_status(portal: Portal, kind: StatusType) -> Status:
    """Where the product itself puts a ticket that is closed or comes back. There is always one: see `statuses.actions`."""
    return offered_statuses(portal).filter(type=kind).order_by("position", "id")[0]
