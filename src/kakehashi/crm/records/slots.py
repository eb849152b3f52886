"""What a record page leaves open for floors above."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.safestring import SafeString

from kakehashi.core.errors import Text
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.ui.slots import Slot

from .models import Record


@dataclass(frozen=True, slots=True)
class RecordPanel:
    """A card in the main column with an entry in the rail at the left. `key` is its anchor; `count` may be None for no number."""

    key: str
    label: Text
    icon: str
    shows: Callable[[CrmAccess, Record], bool]
    count: Callable[[CrmAccess, Record], int | None]
    render: Callable[[HttpRequest, CrmAccess, Record], SafeString]


@dataclass(frozen=True, slots=True)
class RecordAction:
    """A button in the head of a record page."""

    key: str
    label: Text
    icon: str
    shows: Callable[[CrmAccess, Record], bool]
    url: Callable[[CrmAccess, Record], str]


RECORD_PANELS: Slot[RecordPanel] = Slot("record panels")
RECORD_ACTIONS: Slot[RecordAction] = Slot("record actions")

# Where a change came from, in words: an actor's origin ("import:9", "connection:4") -> "Import #9", or None for others' origins.
ORIGIN_NAMES: Slot[Callable[[str], Text | None]] = Slot("origin names")


def origin_name(origin: str) -> Text:
    """The words for an origin; "" for what a person did on a page."""
    names = (name for source in ORIGIN_NAMES if (name := source(origin)))
    return next(names, "") if origin else ""
