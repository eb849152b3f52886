"""Our own Desk as a side: actions and queries, called in process."""

from dataclasses import dataclass

from django.db.models import QuerySet

from kakehashi.core.errors import NotFound
from kakehashi.core.fixed_reads import first_row, fixed_read
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
    portal = first_row(_portal(portal_id))
    if portal is None:
        raise NotFound
    return EmbeddedDesk(portal)


@fixed_read
def _portal(portal_id: int) -> QuerySet[Portal]:
    return Portal.objects.filter(pk=portal_id)
