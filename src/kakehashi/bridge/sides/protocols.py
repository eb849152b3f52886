"""The seam: all that the bridge knows of a CRM and of a Desk (design §5).

Ids are 64-bit integers. Every call says who acts; the side enforces that person's rights and raises `core.errors.NotAllowed`
(may not) or `NotFound` (no such thing, or not theirs to know of). The integration itself, whose actor has the origin
"connection:<id>", may do what keeps the two customer bases in step.
"""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from kakehashi.core.actors import Actor

from .asking import FilterSide
from .crm_cards import CardSide
from .customer_types import CustomerSide, SortedTicketSide
from .deals import DealSide, TicketDealSide
from .news import BellSide, NewsSide
from .people import Colleague, Role, Seat
from .questions import AskingSide, OwnerSide
from .records import ChangePage, Ensure, ModuleInfo, Outcome, Patch, SideRecord, Value
from .ticket_side import TicketSide
from .tickets import Choice


class RecordSide(FilterSide, Protocol):
    """What both products offer for the records that are kept in step."""

    @property
    def name(self) -> str:
        """What people call this org or portal."""
        ...

    def describe(self) -> Sequence[ModuleInfo]: ...

    def head(self) -> str:
        """The position just behind everything readable now."""
        ...

    def changes(self, after: str, *, limit: int = 500) -> ChangePage:
        """Markers after a position. Raises `core.events.reading.PositionIsVoid`."""
        ...

    def fetch(self, module: str, ids: Sequence[int]) -> Mapping[int, SideRecord]:
        """Records by id, deleted ones too; unknown ids are left out."""
        ...

    def scan(self, module: str, *, after_id: int = 0, limit: int = 500) -> Sequence[int]:
        """Ids of live records, in order."""
        ...

    def count(self, module: str) -> int:
        """How many live records there are."""
        ...

    def live_among(self, module: str, ids: Collection[int]) -> frozenset[int]:
        """Those of the ids, any number, that are records of this module and not deleted."""
        ...

    def search(self, module: str, text: str, *, limit: int = 20) -> Sequence[int]:
        """Ids of live records that hold every word of a text, as a beginning; the latest changed first."""
        ...

    def find(self, module: str, field_name: str, values: Sequence[Value]) -> Mapping[Value, tuple[int, ...]]:
        """Live records by a match key, compared normalised (e-mail, name, code). Every value asked for is a key of the answer."""
        ...

    def find_keys(self, module: str, keys: Sequence[str]) -> Mapping[str, int]:
        """Records by the key they were stamped with, deleted ones too; unknown keys are left out."""
        ...

    def referring(self, module: str, field_name: str, target_id: int, *, limit: int = 1_000) -> Sequence[int]:
        """Ids of live records whose lookup field points at a record, newest first."""
        ...

    def ensure(self, module: str, items: Sequence[Ensure], actor: Actor) -> Sequence[Outcome]:
        """In one transaction: found by its key ("found", perhaps in the recycle bin), else "stale" when somebody else holds a match key, else
        "created" and stamped with the key. An outcome for each item, in order; one that is refused does not stop the others.
        """
        ...

    def patch(self, module: str, items: Sequence[Patch], actor: Actor) -> Sequence[Outcome]:
        """An outcome for each item, in order: "updated", "unchanged", "stale", "missing" or "refused"."""
        ...

    def remove(self, module: str, ids: Sequence[int], actor: Actor) -> Sequence[Outcome]:
        """Move to the recycle bin."""
        ...

    def restore(self, module: str, ids: Sequence[int], actor: Actor) -> Sequence[Outcome]:
        """Take out of the recycle bin."""
        ...

    def in_use(self, module: str, ids: Sequence[int]) -> frozenset[int]:
        """Those that others depend on: in a Desk, what has tickets; in a CRM, what other live records name."""
        ...

    def rehearsal(self) -> AbstractContextManager[None]:
        """Whatever is written within is judged and answered as ever, and not kept: for telling beforehand what a sync would do."""
        ...

    def record_url(self, module: str, record_id: int) -> str:
        """Where a person sees this record in its own product."""
        ...


class CrmSide(RecordSide, DealSide, OwnerSide, BellSide, CustomerSide, CardSide, Protocol):
    """A CRM org."""

    @property
    def time_zone(self) -> str:
        """Where its people work: "Asia/Tokyo"."""
        ...

    def visible(self, module: str, record_id: int, actor: Actor) -> SideRecord:
        """One record, if this person may see it. Raises `NotFound`."""
        ...

    def visible_among(self, module: str, ids: Sequence[int], actor: Actor) -> Mapping[int, SideRecord]:
        """Those of the records that this person may see, without the fields that are hidden from them."""
        ...

    def absorbed(self, module: str, ids: Sequence[int]) -> Sequence[int]:
        """Ids of the records that were merged into these."""
        ...

    def edit_url(self, module: str, record_id: int) -> str:
        """Where a person changes this record."""
        ...

    def fields_url(self, module: str) -> str:
        """Where an administrator adds fields to a module."""
        ...

    def modules_url(self) -> str:
        """Where an administrator puts modules back."""
        ...

    def colleagues(self) -> Sequence[Colleague]:
        """Who works here now."""
        ...

    def has_member(self, person_id: int) -> bool:
        """Whether this person works here now."""
        ...


class DeskSide(RecordSide, TicketSide, TicketDealSide, AskingSide, NewsSide, SortedTicketSide, Protocol):
    """A Desk portal."""

    def home_url(self) -> str:
        """Where its people work."""
        ...

    def offer_products(self, ids: Sequence[int], department_ids: Sequence[int], actor: Actor) -> None:
        """Where these products can be chosen for a ticket (spec Y7); no departments: everywhere."""
        ...

    def roles(self) -> Sequence[Role]:
        """The roles that a seat may have (spec P2)."""
        ...

    def seats(self) -> Sequence[Seat]:
        """Everybody who has, had or was offered a seat."""
        ...

    def invite(self, person_id: int, role: str, department_ids: Sequence[int], actor: Actor) -> Seat:
        """Offer a seat and write the activation mail (spec P1); without departments it is for all of them. Who sits already gets the role."""
        ...

    def send_invitation_again(self, seat_id: int, actor: Actor) -> None: ...

    def withdraw_invitation(self, seat_id: int, actor: Actor) -> None: ...

    def change_seat(self, seat_id: int, role: str, actor: Actor) -> None: ...


class PortalDirectory(Protocol):
    """Finding and making portals, for setting a connection up (spec S2, S3)."""

    def administered_by(self, person_id: int) -> Sequence[Choice]:
        """Portals where this person is an administrator."""
        ...

    def opened_by(self, *, email: str, key: str, org_id: int, org_name: str, actor: Actor) -> tuple[Choice, int]:
        """Route C: the portal that an administrator's address and a ZSC key open, and that administrator's person id. Attempts are limited.

        Raises a `core.errors.ProductError` that does not tell which of the two was wrong.
        """
        ...

    def create(self, name: str, actor: Actor) -> int:
        """Route B: a new portal with one department; the actor is its first administrator. The portal's id."""
        ...
