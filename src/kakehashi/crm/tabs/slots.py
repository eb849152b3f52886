"""Tabs of an org that are no modules: other products that its people work in."""

from collections.abc import Callable
from dataclasses import dataclass

from kakehashi.core.errors import Text
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.ui.slots import Slot


@dataclass(frozen=True, slots=True)
class MoreTab:
    """`key` is what an org's choices about it are kept under. `is_there` says whether an org has it at all (asked with the org's id),
    `url` where it leads this person; "" where it is not theirs.
    """

    key: str
    label: Text
    icon: str
    is_there: Callable[[int], bool]
    url: Callable[[CrmAccess], str]


MORE_TABS: Slot[MoreTab] = Slot("more tabs")
