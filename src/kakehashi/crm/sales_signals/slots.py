"""What floors above add to the bell."""

from collections.abc import Callable

from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.ui.shell.workspace import Tab
from kakehashi.ui.slots import Slot

SIGNAL_PAGES: Slot[Callable[[CrmAccess], Tab | None]] = Slot("pages below the bell")
"""Lists of what waits for people; None where there is none for this person."""
