"""What crosses the seam so that people of a CRM hear what happens to the tickets of their customers (spec G1–G4)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from .questions import Place

NewsKind = Literal["opened", "commented", "answered", "overdue", "escalated", "rated"]


@dataclass(frozen=True, slots=True)
class TicketNews:
    """Something happened to a ticket. `part` is the message or comment that it was, `deadline` the one that passed ("response" or
    "resolution"); `by_id` is who did it, where that was somebody with a sign-in.
    """

    kind: NewsKind
    ticket_id: int
    part: int | None = None
    deadline: str = ""
    portal_id: int = 0
    event_id: int = 0
    at: datetime | None = None
    by_id: int | None = None


@dataclass(frozen=True, slots=True)
class NewsOfTicket:
    """News with what stands on the ticket now, in the Desk's own ids; a merged ticket as what it is today. `by` is whose words or judgement
    they are, `excerpt` how they begin; `emails` are all the customer's addresses.
    """

    ticket_id: int
    number: int
    subject: str
    contact_id: int | None
    account_id: int | None
    contact_name: str = ""
    emails: tuple[str, ...] = ()
    by: str = ""
    excerpt: str = ""
    rating: str = ""


@dataclass(frozen=True, slots=True)
class Ring:
    """One bell to be rung: of `kind`, about the record at `place`, concerning all records in `about`. Of one `event_id` nobody is told
    twice. `source` is what ends with all its signals, `thread` what a person may silence.
    """

    person_id: int
    kind: str
    place: Place
    event_id: int
    at: datetime
    source: str = ""
    thread: str = ""
    about: tuple[int, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)


class NewsSide(Protocol):
    """What a Desk offers about its news."""

    def read_news(self, news: Sequence[TicketNews]) -> Sequence[NewsOfTicket | None]:
        """In order; None for what is not there any more, or was no news: a ticket in the recycle bin, a comment taken back, a deadline that
        does not bind a solved ticket, a ticket that was split off. The same number of queries for many as for one.
        """
        ...


class BellSide(Protocol):
    """What a CRM offers for telling its people."""

    def ring(self, rings: Sequence[Ring], absorbed: Mapping[str, Collection[str]] | None = None) -> None:
        """In the caller's transaction; those who left the org are passed over, and what somebody does not want to hear is. `absorbed` are
        threads by the one that they went into: who silenced one of them does not hear it either.
        """
        ...

    def hush(self, source: str) -> None:
        """Take the signals of a source out of sight, in the caller's transaction; `unhush` brings them back."""
        ...

    def unhush(self, source: str) -> None: ...
