"""What crosses the seam for sorting open tickets by what the CRM knows of their customers (spec X6)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from kakehashi.core.actors import Actor

from .tickets import Choice, TicketRow

# The module of a change that says: an open ticket's customer, or whether it is open, may be another.
TICKETS = "tickets"


@dataclass(frozen=True, slots=True)
class OpenTicket:
    """An open ticket and whose it is: in the Desk's ids, and by normalised addresses and phone numbers."""

    id: int
    contact_id: int | None
    account_id: int | None
    emails: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class RecordRef:
    """A record of the CRM by module and id."""

    module: str
    id: int


@dataclass(frozen=True, slots=True)
class BoardTicket:
    """A ticket on a board. `deadline_state` is the kit's; `url` its page."""

    row: TicketRow
    contact_id: int | None
    account_id: int | None
    deadline: str
    deadline_state: str
    url: str


@dataclass(frozen=True, slots=True)
class BoardPlace:
    """Which tickets of a column: so many, from a place of an earlier page on. None at all are only counted."""

    limit: int
    after: str = ""


@dataclass(frozen=True, slots=True)
class BoardPage:
    """Some tickets of a column. `count` goes up to a thousand and one; `next` is a place, "" where there is nothing more."""

    tickets: tuple[BoardTicket, ...]
    count: int
    next: str


class SortedTicketSide(Protocol):
    """What a Desk offers."""

    def open_tickets(self, ticket_ids: Collection[int]) -> Sequence[OpenTicket]:
        """Those of the tickets that are open."""
        ...

    def scan_open(self, *, after_id: int = 0, limit: int = 500) -> Sequence[OpenTicket]:
        """Open tickets by id."""
        ...

    def open_tickets_of(
        self,
        *,
        contact_ids: Collection[int] = (),
        account_ids: Collection[int] = (),
        emails: Collection[str] = (),
        phones: Collection[str] = (),
    ) -> Sequence[int]:
        """The open tickets of any of these; addresses and numbers are normalised."""
        ...

    def ranks(self, key: str, ticket_ids: Collection[int]) -> Mapping[int, Decimal]:
        """What was kept with `keep_ranks`."""
        ...

    def board_pages(
        self, key: str, asked: Mapping[int, BoardPlace], actor: Actor, *, sort: str, department_id: int | None = None
    ) -> Mapping[int, BoardPage]:
        """By rank: open tickets that a person may see, by "due" or "activity". Two light queries a rank, and one for all that stands on
        the cards. Raises `NotFound` for a place of another list.
        """
        ...

    def board_places(
        self, key: str, ranks: Collection[int], actor: Actor, *, department_id: int | None = None, limit: int
    ) -> Mapping[int, int]:
        """The ranks of the open tickets that a person may see, by ticket; one query."""
        ...

    def customer_of(
        self, *, ticket: int | None, contact: int | None, account: int | None, actor: Actor
    ) -> OpenTicket | None:
        """Whose a ticket is that this person sees, open or not; or a contact and an account by themselves. None for nobody."""
        ...

    def departments_seen(self, actor: Actor) -> Sequence[Choice]:
        """The departments whose tickets this person sees."""
        ...


class CustomerSide(Protocol):
    """What a CRM offers. The integration sees everything."""

    def people_by_key(self, keys: Collection[str]) -> Mapping[str, tuple[RecordRef, ...]]:
        """Live leads and contacts by a normalised e-mail address or phone number."""
        ...

    def keys_of(self, ids: Collection[int]) -> frozenset[str]:
        """All e-mail addresses and phone numbers of these leads and contacts, normalised."""
        ...

    def living(self, ids: Collection[int]) -> Mapping[int, int]:
        """Where each record lives today: itself, or what it was merged into. What was deleted is left out."""
        ...

    def companies_of(self, contact_ids: Collection[int]) -> Mapping[int, frozenset[int]]:
        """The accounts that contacts name."""
        ...

    def deals_naming(self, ids: Collection[int]) -> Mapping[int, frozenset[int]]:
        """The live deals that name these contacts and accounts."""
        ...

    def named_by_deals(self, deal_ids: Collection[int]) -> frozenset[int]:
        """The contacts and accounts that deals name."""
        ...
