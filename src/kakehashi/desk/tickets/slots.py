"""What other floors may add to a ticket's page."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.safestring import SafeString

from kakehashi.core.errors import Text
from kakehashi.desk.portals.access import DeskAccess
from kakehashi.ui.slots import Slot

from .models import Ticket


@dataclass(frozen=True, slots=True)
class TicketPanel:
    """A block in the right column of a ticket."""

    key: str
    label: Text
    shows: Callable[[DeskAccess, Ticket], bool]
    render: Callable[[HttpRequest, DeskAccess, Ticket], SafeString]


TICKET_PANELS: Slot[TicketPanel] = Slot("ticket panels")
