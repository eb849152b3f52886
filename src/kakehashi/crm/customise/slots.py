"""What the list of a module's fields leaves open for others."""

from collections.abc import Callable
from dataclasses import dataclass

from kakehashi.core.errors import Text
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.ui.slots import Slot


@dataclass(frozen=True, slots=True)
class FieldLink:
    """An entry in the menu of one standard field: more can be set for it elsewhere, as for the stages of deals."""

    module: str
    field: str
    label: Text
    icon: str
    url: Callable[[CrmAccess], str]


FIELD_LINKS: Slot[FieldLink] = Slot("field links")
