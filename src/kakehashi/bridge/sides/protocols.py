"""The seam: all that the bridge knows of a CRM and of a Desk (design §5).

Ids are 64-bit integers. Every call says who acts; the side enforces that person's rights and raises `core.errors.NotAllowed`
(may not) or `NotFound` (no such thing, or not theirs to know of). The integration itself, whose actor has the origin
"connection:<id>", may do what keeps the two customer bases in step.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from kakehashi.core.actors import Actor
from kakehashi.core.attachments.models import Attachment
from kakehashi.core.errors import Text
from kakehashi.ui.conversation import Composer, ComposerUrls

from .people import Colleague, Role, Seat
from .records import ChangePage, Ensure, ModuleInfo, Outcome, Patch, SideRecord, Value
from .tickets import (
    Choice,
    Party,
    SentMail,
    Suggestion,
    TicketDetail,
    TicketDraft,
    TicketField,
    TicketFilter,
    TicketPage,
    TicketRights,
    TicketStatistics,
    Upload,
    Written,
)


class RecordSide(Protocol):
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

    def record_url(self, module: str, record_id: int) -> str:
        """Where a person sees this record in its own product."""
        ...


class CrmSide(RecordSide, Protocol):
    """A CRM org."""

    def visible(self, module: str, record_id: int, actor: Actor) -> SideRecord:
        """One record, if this person may see it. Raises `NotFound`."""
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


class DeskSide(RecordSide, Protocol):
    """A Desk portal."""

    def home_url(self) -> str:
        """Where its people work."""
        ...

    def in_use(self, module: str, ids: Sequence[int]) -> frozenset[int]:
        """Those of the contacts or accounts that have tickets."""
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

    def rights(self, actor: Actor) -> TicketRights: ...

    def departments(self) -> Sequence[Choice]: ...

    def ticket_fields(self, actor: Actor) -> Sequence[TicketField]:
        """The fields this person may set, with their choices."""
        ...

    def list_tickets(
        self, party: Party, actor: Actor, *, show: TicketFilter = "all", limit: int = 25, offset: int = 0
    ) -> TicketPage:
        """Newest activity first; counts are over the whole party."""
        ...

    def owned_by(self, party: Party, ticket_ids: Sequence[int]) -> frozenset[int]:
        """Those of the tickets that belong to this party, deleted ones too: what a record's page may touch at all."""
        ...

    def read_ticket(self, ticket_id: int, actor: Actor) -> TicketDetail: ...

    def read_attachment(self, ticket_id: int, attachment_id: int, actor: Actor) -> Attachment:
        """A file of a ticket, in our own store (a side far away fetches it there first), to be given out by `core.attachments.serving`."""
        ...

    def search_contacts(self, text: str, actor: Actor, *, limit: int = 10) -> Sequence[Choice]:
        """Contacts by name or e-mail, for choosing whose ticket it is; the hint is the address."""
        ...

    def create_ticket(self, draft: TicketDraft, actor: Actor) -> int:
        """The new ticket's id. Raises `core.errors.InvalidValues`."""
        ...

    def composer(
        self,
        ticket_id: int,
        actor: Actor,
        urls: ComposerUrls,
        url_of: Callable[[int], str],
        *,
        target: str,
        error: Text = "",
    ) -> Composer | None:
        """The one composer, for this person: their modes, recipients, draft, signature. None where they may not write at all.

        `url_of` is where they fetch a file of the ticket or one that they sent ahead.
        """
        ...

    def send_mail(self, ticket_id: int, written: Written, actor: Actor) -> SentMail:
        """Raises `core.errors.InvalidValues`, or a 409 where somebody wrote meanwhile; what was typed is then kept as a draft."""
        ...

    def comment(self, ticket_id: int, written: Written, actor: Actor) -> None:
        """Internal unless the mode says public. Raises `core.errors.InvalidValues`; what was typed is then kept as a draft."""
        ...

    def save_draft(self, ticket_id: int, written: Written, actor: Actor) -> bool:
        """Keep what is being typed; False where nothing was."""
        ...

    def take_back(self, ticket_id: int, message_id: int, actor: Actor) -> bool:
        """A held mail becomes its writer's draft again; False when it has left already."""
        ...

    def send_again(self, ticket_id: int, message_id: int, actor: Actor) -> None: ...

    def keep_upload(self, upload: Upload, actor: Actor) -> Attachment:
        """Take a file in ahead of the text that it goes with."""
        ...

    def read_upload(self, attachment_id: int, actor: Actor) -> Attachment:
        """A file that this person sent ahead. Raises `core.errors.NotFound`."""
        ...

    def suggest(self, ticket_id: int, kind: str, text: str, actor: Actor) -> Sequence[Suggestion]:
        """What the composer offers: kind is template, person, ticket or address."""
        ...

    def update_tickets(self, ticket_ids: Sequence[int], values: Mapping[str, Value], actor: Actor) -> None: ...

    def close_tickets(self, ticket_ids: Sequence[int], actor: Actor) -> None: ...

    def delete_tickets(self, ticket_ids: Sequence[int], actor: Actor) -> None: ...

    def restore_tickets(self, ticket_ids: Sequence[int], actor: Actor) -> None: ...

    def statistics(self, party: Party, actor: Actor) -> TicketStatistics: ...


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
