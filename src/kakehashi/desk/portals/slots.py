"""What other floors may add to a portal's settings."""

from collections.abc import Callable
from dataclasses import dataclass

from kakehashi.core.errors import Text
from kakehashi.ui.slots import Slot

from .access import DeskAccess


@dataclass(frozen=True, slots=True)
class DeskSettingsPage:
    """An entry of the settings' rail. `url` answers "" where this person has no business."""

    key: str
    label: Text
    group: Text
    icon: str
    url: Callable[[DeskAccess], str]


SETTINGS_PAGES: Slot[DeskSettingsPage] = Slot("desk settings pages")
