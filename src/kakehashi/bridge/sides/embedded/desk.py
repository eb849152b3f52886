"""Our own Desk as a side: actions and queries, called in process."""

from dataclasses import dataclass

from kakehashi.core.errors import NotFound
from kakehashi.desk.portals.models import Portal

from .desk_changing import DeskChanging
from .desk_customers import DeskCustomers
from .desk_news import DeskNews
from .desk_opening import DeskOpening
from .desk_records import DeskRecords
from .desk_seats import DeskSeats
from .desk_sheet import DeskSheet
from .desk_sorting import DeskSorting
from .desk_writing import DeskWriting


@dataclass(frozen=True)
class EmbeddedDesk(
    DeskRecords, DeskOpening, DeskSheet, DeskWriting, DeskChanging, DeskNews, DeskSeats, DeskCustomers, DeskSorting
):
    """Implements `DeskSide` for one portal."""


def desk_side(portal_id: int) -> EmbeddedDesk:
    """Raises `NotFound`."""
    portal = Portal.objects.filter(pk=portal_id).first()
    if portal is None:
        raise NotFound
    return EmbeddedDesk(portal)
