"""What other floors may add to the pages of contacts and accounts, and to the form of a new ticket."""

from collections.abc import Callable

from django.http import HttpRequest
from django.utils.safestring import SafeString

from kakehashi.desk.portals.access import DeskAccess
from kakehashi.ui.slots import Slot

from .models import Account, Contact

CUSTOMER_PANELS: Slot[Callable[[HttpRequest, DeskAccess, Contact | Account], SafeString]] = Slot("customer panels")

NEW_TICKET_PANELS: Slot[Callable[[HttpRequest, DeskAccess], SafeString]] = Slot("new ticket panels")
