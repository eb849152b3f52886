"""What other floors may add to a portal's settings."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kakehashi.core.errors import Text
from kakehashi.ui.shell.workspace import Tab
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


MORE_TABS: Slot[Callable[[DeskAccess], Tab | None]] = Slot("desk tabs")
"""More of a portal's navigation, behind its tickets; None for who has no business there."""


SEAT_WARNINGS: Slot[Callable[[int], Mapping[int, Text]]] = Slot("desk seat warnings")
"""Asked with a portal's id: what else ends when somebody's seat is taken away, in words, by person id."""
