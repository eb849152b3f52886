"""What records and their pages leave open for other features and for floors above."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.http import HttpRequest
from django.utils.safestring import SafeString

from kakehashi.core.errors import Text
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.ui.slots import Slot

from .models import Record


@dataclass(frozen=True, slots=True)
class RecordPanel:
    """A card in the main column with an entry in the rail at the left. `key` is its anchor; `count` may be None for no number.

    An upper one stands between the fields and the lists of related records, a lower one below those.
    """

    key: str
    label: Text
    icon: str
    shows: Callable[[CrmAccess, Record], bool]
    count: Callable[[CrmAccess, Record], int | None]
    render: Callable[[HttpRequest, CrmAccess, Record], SafeString]
    place: Literal["upper", "lower"] = "upper"


@dataclass(frozen=True, slots=True)
class RecordAction:
    """A button in the head of a record page."""

    key: str
    label: Text
    icon: str
    shows: Callable[[CrmAccess, Record], bool]
    url: Callable[[CrmAccess, Record], str]


@dataclass(frozen=True, slots=True)
class RecordBelongings:
    """What belongs to records and goes where they go: notes, attachments, tags … Called in the transaction of a merge, a lead's
    conversion, or a purge.

    `move(from_id, to_id)` hands over all that belongs to one record and answers, as JSON, what `give_back(moved, from_id, to_id)`
    needs to undo just that; what was thrown away since is left away. Both must not mind being called for records in the recycle bin.
    `count` is how many things belong to these records; `erase` removes them for good. Whoever converts a lead chooses whether and
    whereto it moves; what is not offered for that goes to the contact.
    """

    key: str
    label: Text
    move: Callable[[int, int], Any]
    give_back: Callable[[Any, int, int], None]
    count: Callable[[Sequence[int]], int]
    erase: Callable[[Sequence[int]], None]
    is_offered: bool = True


@dataclass(frozen=True, slots=True)
class RecordMark:
    """What is seen of a record wherever it stands among others: in a list, on the board. `tone` is a colour of the kit's pills,
    `sentence` says in full what `words` say in short.
    """

    words: Text
    tone: str
    icon: str
    sentence: Text


@dataclass(frozen=True, slots=True)
class RailHint:
    """An entry of the rail for a card that is not there: `note` says so in a word, `sentence` why; `url` leads to where that is changed."""

    label: Text
    icon: str
    note: Text
    sentence: Text
    url: str


RECORD_BELONGINGS: Slot[RecordBelongings] = Slot("record belongings")
RECORD_PANELS: Slot[RecordPanel] = Slot("record panels")
RECORD_ACTIONS: Slot[RecordAction] = Slot("record actions")
RAIL_HINTS: Slot[Callable[[CrmAccess, Record], RailHint | None]] = Slot("rail hints")

# Asked once for all records of a page, which are this person's to see; the number of queries must not depend on how many they are.
RECORD_MARKS: Slot[Callable[[CrmAccess, ModuleSchema, Sequence[int]], Mapping[int, RecordMark]]] = Slot("record marks")

# Where a change came from, in words: an actor's origin ("import:9", "connection:4") -> "Import #9", or None for others' origins.
ORIGIN_NAMES: Slot[Callable[[str], Text | None]] = Slot("origin names")


def marks_on(access: CrmAccess, module: ModuleSchema, record_ids: Sequence[int]) -> dict[int, list[RecordMark]]:
    """For each of the records; empty where there is nothing to say."""
    sources = [source(access, module, record_ids) for source in RECORD_MARKS] if record_ids else []
    return {pk: [found[pk] for found in sources if pk in found] for pk in record_ids}


def origin_name(origin: str) -> Text:
    """The words for an origin; "" for what a person did on a page."""
    names = (name for source in ORIGIN_NAMES if (name := source(origin)))
    return next(names, "") if origin else ""
