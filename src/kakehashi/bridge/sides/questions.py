"""What crosses the seam about questions from the Desk to whoever owns a customer in the CRM (lesson E2)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from kakehashi.core.actors import Actor
from kakehashi.core.errors import Text

Place = tuple[str, int]
"""A record of the CRM: its module's API name and its id."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Who answers for a record: an active member of the org."""

    record_name: str
    person_id: int
    name: str


@dataclass(frozen=True, slots=True)
class Superior:
    person_id: int
    name: str


@dataclass(frozen=True, slots=True)
class DueHours:
    """Moments by hours of working time from now, and in words which hours count; () where the calendar never opens."""

    words: Text
    moments: tuple[tuple[int, datetime], ...]


@dataclass(frozen=True, slots=True)
class AskedTicket:
    """A ticket as a question names it, in the Desk's own ids."""

    id: int
    number: int
    subject: str
    contact_id: int | None
    account_id: int | None


class OwnerSide(Protocol):
    """What a CRM offers for asking the owners of its records."""

    def owners(self, places: Sequence[Place]) -> Mapping[Place, Owner]:
        """Of live records whose owner works here; a merged record is answered with what it is today."""
        ...

    def superiors(self, person_id: int) -> Sequence[Superior]:
        """Who holds the nearest role above this person's that anybody active holds, at most five; nobody above the top."""
        ...

    def signal(
        self, person_ids: Sequence[int], kind: str, place: Place, data: Mapping[str, Any], event: Place, source: str
    ) -> None:
        """Ring people's bells, in the caller's transaction. `event` is the kind and id of the subject whose last event this is about:
        of one event nobody is told twice. `source` is what the signals end with.
        """
        ...


class AskingSide(Protocol):
    """What a Desk offers for questions about its tickets."""

    @property
    def language(self) -> str:
        """That of what nobody wrote."""
        ...

    def asked_ticket(self, ticket_id: int, actor: Actor) -> AskedTicket:
        """A live ticket within this person's sight, a merged one as what it is today. Raises `NotFound`."""
        ...

    def due_hours(self, ticket_id: int, hours: Sequence[int]) -> DueHours: ...

    def remark(self, ticket_id: int, html: str, actor: Actor) -> None:
        """An internal comment. For somebody without a seat the integration vouches: the actor's origin names the connection.
        Raises `NotFound`.
        """
        ...

    def tell_of_answer(self, ticket_id: int, person_id: int, data: Mapping[str, Any]) -> None:
        """A notice for somebody with a seat: who answered (`by`) and what (`text`)."""
        ...
