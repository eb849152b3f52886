"""What crosses the seam of a customer's record in the CRM, for the Desk's pages (spec X7)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from kakehashi.core.actors import Actor
from kakehashi.core.errors import Text


@dataclass(frozen=True, slots=True)
class RecordCard:
    """A record as one person may see it. `facts` are labels and texts of what is filled in."""

    module: str
    kind: Text
    name: str
    url: str
    owner_name: str
    facts: tuple[tuple[Text, str], ...] = ()


@dataclass(frozen=True, slots=True)
class NoteLine:
    """How a note begins, who wrote it, about which record, and when."""

    text: str
    author: str
    about: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SignalLine:
    sentence: Text
    url: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SignalCount:
    """How many signals of some records a person has, and the latest of them."""

    count: int = 0
    latest: SignalLine | None = None


class CardSide(Protocol):
    """What a CRM offers: everything by the rights of the person who asks, and nothing to a stranger."""

    def record_cards(self, module: str, ids: Collection[int], actor: Actor) -> Sequence[RecordCard]: ...

    def latest_notes(self, ids: Collection[int], actor: Actor, *, limit: int) -> Sequence[NoteLine]:
        """Pinned ones first."""
        ...

    def own_signals(self, ids: Collection[int], actor: Actor) -> SignalCount: ...
