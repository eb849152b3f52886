"""Columns of the list of tickets that something outside the Desk fills, and by which it can be sorted."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from kakehashi.core.errors import Text
from kakehashi.desk.portals.access import DeskAccess
from kakehashi.ui.slots import Slot


@dataclass(frozen=True, slots=True)
class OutsideColumn:
    """`key` is what its ranks are kept under and what addresses call it. `words` answers what stands in it, by ticket, in one go for a
    page. `rising` and `falling` name its two orders; `sorts` is False for whom an order would tell of what they may not see.
    """

    key: str
    label: Text
    rising: Text
    falling: Text
    words: Callable[[Sequence[int]], Mapping[int, Text]]
    sorts: bool = True
    is_number: bool = False


OUTSIDE_COLUMNS: Slot[Callable[[DeskAccess], Sequence[OutsideColumn]]] = Slot("outside columns")
"""Asked with who looks at the list: the columns that they may have."""
