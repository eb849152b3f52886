"""What crosses the seam about deals and the tickets that belong to them (spec D1–D3)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, Protocol

from kakehashi.core.actors import Actor
from kakehashi.core.errors import Text
from kakehashi.core.filters.definition import Condition, Filter, filter_of


def deals_that_are(standing: Literal["Open", "Closed Won", "Closed Lost"]) -> Filter:
    """For `FilterSide.fitting`, whatever an org calls its stages."""
    return filter_of(Condition("Stage_Type", "any_of", (standing,)))


OPEN_DEALS = deals_that_are("Open")


@dataclass(frozen=True, slots=True)
class Deal:
    """A deal as one person may see it: what their profile hides is empty, and `url` is "" where they cannot go.

    `tone` is a colour of the kit's pills; `amount_text` says the amount in its currency.
    """

    id: int
    name: str
    stage: Text
    tone: str
    is_open: bool
    closing: date | None = None
    amount: Decimal | None = None
    amount_text: str = ""
    account_name: str = ""
    owner_id: int | None = None
    owner_name: str = ""
    url: str = ""


def soonest(deal: Deal) -> tuple[bool, str, int]:
    """The order of closing dates; deals without one come last."""
    return deal.closing is None, deal.closing.isoformat() if deal.closing else "", deal.id


@dataclass(frozen=True, slots=True)
class TicketRisk:
    """How many tickets of some are what sales should know of. `bad` were rated badly; the first three count only what is not solved."""

    open: int = 0
    overdue: int = 0
    escalated: int = 0
    bad: int = 0

    def __add__(self, other: "TicketRisk") -> "TicketRisk":
        return TicketRisk(
            self.open + other.open, self.overdue + other.overdue, self.escalated + other.escalated, self.bad + other.bad
        )


@dataclass(frozen=True, slots=True)
class TicketCustomer:
    """Whose ticket it is, in the Desk's own ids."""

    number: int
    contact_id: int | None
    account_id: int | None
    is_closed: bool = False


RankKey = Literal["deal_amount", "deal_closing", "customer_type"]
SPLIT_OFF = "split-off tickets"  # the module of a change that says: this ticket was just made by splitting


class DealSide(Protocol):
    """What a CRM offers of its deals. For the integration itself everything is seen; for a stranger nothing."""

    def deals(self, ids: Sequence[int], actor: Actor) -> Mapping[int, Deal]:
        """Live deals by the ids asked for; a merged one is answered with what it is today."""
        ...

    def customer_deals(self, contact_ids: Sequence[int], account_ids: Sequence[int], actor: Actor) -> Sequence[Deal]:
        """Open deals of these contacts and accounts, the next closing first; at most fifty."""
        ...

    def search_deals(self, text: str, actor: Actor, *, limit: int = 20) -> Sequence[Deal]:
        """By the words of a name; without text the latest."""
        ...

    def deal_sums(self, groups: Mapping[int, Collection[int]], actor: Actor) -> Mapping[int, Text]:
        """The amounts of the open deals among the records of each group, added up and in words; groups without any are left out, and all
        where amounts are hidden from this person. The same number of queries for many as for one.
        """
        ...

    def sees_all_deals(self, actor: Actor, *, with_amounts: bool) -> bool:
        """Whether nothing about deals is hidden from this person: then the order of a list may tell them of all."""
        ...

    def note(self, module: str, ids: Sequence[int], deed: str, about: str, actor: Actor) -> None:
        """Put a line into the timeline of records, in the caller's transaction. `about` names the other end."""
        ...


class TicketDealSide(Protocol):
    """What a Desk offers for tickets that belong to something outside it."""

    def living_tickets(self, ticket_ids: Sequence[int]) -> Mapping[int, int]:
        """Where each lives today: itself, or what it was merged into. Deleted ones are left out."""
        ...

    def absorbed_tickets(self, ticket_ids: Sequence[int]) -> Mapping[int, int]:
        """The tickets that went into these, by id: into which of them."""
        ...

    def split_sources(self, ticket_ids: Sequence[int]) -> Mapping[int, int]:
        """The tickets of which these were made by splitting, by id; those made otherwise are left out."""
        ...

    def visible_tickets(self, ticket_ids: Sequence[int], actor: Actor) -> Mapping[int, TicketCustomer]:
        """Those of the live tickets that a person may see: a seated one in their departments, all others all."""
        ...

    def risks_of(self, ticket_ids: Sequence[int]) -> Mapping[int, TicketRisk]:
        """Of each of the live tickets by itself; one query."""
        ...

    def keep_ranks(self, key: RankKey, ranks: Mapping[int, Decimal | None]) -> None:
        """What a list of tickets is sorted by under a key, for these tickets; None for nothing."""
        ...

    def note_on_tickets(self, ticket_ids: Sequence[int], deed: str, actor: Actor) -> None:
        """Put a line into the history of tickets, in the caller's transaction."""
        ...
