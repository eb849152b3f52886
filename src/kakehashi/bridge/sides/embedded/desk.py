"""Our own Desk as a side: actions and queries, called in process."""

from dataclasses import dataclass

from kakehashi.core.errors import NotFound
from kakehashi.desk.portals.models import Portal

from .desk_records import DeskRecords
from .desk_seats import DeskSeats
from .desk_writing import DeskWriting


@dataclass(frozen=True)
class EmbeddedDesk(DeskRecords, DeskWriting, DeskSeats):
    """Implements `DeskSide` for one portal."""


def desk_side(portal_id: int) -> EmbeddedDesk:
    """Raises `NotFound`."""
    portal = Portal.objects.filter(pk=portal_id).first()
    if portal is None:
        raise NotFound
    return EmbeddedDesk(portal)
