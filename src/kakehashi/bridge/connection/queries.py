from django.db.models import QuerySet

from kakehashi.core.fixed_reads import first_row, fixed_read
from kakehashi.core.once import asked_once

from .models import Connection, State, Transition


@asked_once
def living_connection(org_id: int) -> Connection | None:
    """The one connection of an org, paused or not."""
    return first_row(_living_of_org(org_id))


@fixed_read
def _living_of_org(org_id: int) -> QuerySet[Connection]:
    return Connection.objects.filter(org_id=org_id).exclude(state=State.DISABLED)


@asked_once
def connection_of_portal(portal_id: int) -> Connection | None:
    """The one connection of a portal, paused or not."""
    return first_row(_living_of_portal(portal_id))


@fixed_read
def _living_of_portal(portal_id: int) -> QuerySet[Connection]:
    return Connection.objects.filter(portal_id=portal_id).exclude(state=State.DISABLED)


def parked_connection(org_id: int, portal_id: int) -> Connection | None:
    """The last ended connection of this very pair: its links may be taken up again (lesson B11)."""
    return Connection.objects.filter(org_id=org_id, portal_id=portal_id, state=State.DISABLED).order_by("-id").first()


def past_connections(org_id: int) -> QuerySet[Connection]:
    return Connection.objects.filter(org_id=org_id, state=State.DISABLED).order_by("-id")


def history_of(org_id: int) -> QuerySet[Transition]:
    """Everything ever done to the connections of an org, newest first."""
    return Transition.objects.select_related("connection").filter(connection__org_id=org_id)
