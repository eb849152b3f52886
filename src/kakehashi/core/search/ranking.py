"""Which find comes first. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from kakehashi.core.normalise.names import normal_name
from kakehashi.core.normalise.text import fold

_OWN_COUNTS_AS_DAYS = 60


class Nearness(IntEnum):
    """How near a record is to what was typed; the smaller the nearer."""

    EXACT = 0  # its name, e-mail address or phone number is just that
    BEGINNING = 1  # its name begins so
    INSIDE = 2  # its name holds it
    ELSEWHERE = 3  # another field does


@dataclass(frozen=True, slots=True)
class Find:
    """A record as far as its rank goes."""

    name: str
    modified_at: datetime
    is_own: bool
    is_exact: bool = False


def nearness(find: Find, text: str) -> Nearness:
    if find.is_exact:
        return Nearness.EXACT
    name, wanted = normal_name(find.name), normal_name(text)
    if name == wanted:
        return Nearness.EXACT
    if name.startswith(wanted):
        return Nearness.BEGINNING
    words = fold(text).split(" ")
    return Nearness.INSIDE if all(normal_name(word) in name for word in words) else Nearness.ELSEWHERE


def rank(find: Find, text: str, now: datetime) -> tuple[int, float]:
    """To sort by. Among equally near ones the latest changed is first, and one's own count as changed two months later."""
    days = (now - find.modified_at).total_seconds() / 86_400
    return int(nearness(find, text)), days - (_OWN_COUNTS_AS_DAYS if find.is_own else 0)
