"""The settings pages of an org; floors above add theirs."""

from collections.abc import Callable
from dataclasses import dataclass

from kakehashi.core.errors import Text
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.ui.slots import Slot


@dataclass(frozen=True, slots=True)
class SettingsPage:
    """An entry of the settings menu. Who lacks `permission` sees the page say who can."""

    key: str
    label: Text
    group: Text
    icon: str
    url: Callable[[CrmAccess], str]
    permission: str


SETTINGS_PAGES: Slot[SettingsPage] = Slot("settings pages")
