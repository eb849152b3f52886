"""The seam: all that the bridge knows of a CRM and of a Desk (design §5).

Values cross the seam in canonical form: str, int, Decimal, bool, date, aware datetime, list[str], None for empty; a reference to
another record is that record's id as int. Ids are 64-bit integers. Every call says who acts; the side enforces that person's rights
and raises `core.errors.NotAllowed` (may not) or `NotFound` (no such thing, or not theirs to know of).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from kakehashi.core.actors import Actor
from kakehashi.core.errors import Text

Value = Any
FieldType = Literal[
    "text", "textarea", "email", "phone", "url", "integer", "decimal", "currency", "percent", "boolean", "date", "datetime",
    "picklist", "multipicklist", "lookup", "owner", "autonumber", "other",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class FieldInfo:
    api_name: str
    label: Text
    type: FieldType
    is_required: bool = False
    is_read_only: bool = False
    max_length: int | None = None
    choices: tuple[str, ...] = ()
    lookup_module: str = ""


@dataclass(frozen=True, slots=True)
class ModuleInfo:
    api_name: str
    label: Text
    fields: tuple[FieldInfo, ...]


@dataclass(frozen=True, slots=True)
class SideRecord:
    """A record as its side stores it now. `version` grows with each change; `key` is the origin it was stamped with, if any."""

    module: str
    id: int
    version: int
    values: Mapping[str, Value]
    is_deleted: bool = False
    key: str = ""
    modified_at: datetime | None = None
    modified_by: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """A marker: this record changed, go and read it. `origin` is the actor's origin, to tell an echo."""

    module: str
    id: int
    origin: str = ""


@dataclass(frozen=True, slots=True)
class ChangePage:
    changes: tuple[Change, ...]
    after: str
    is_last: bool


@dataclass(frozen=True, slots=True)
class Ensure:
    """Make sure that a record for `key` exists. Match keys are (field, value) pairs in order of strength."""

    key: str
    values: Mapping[str, Value]
    match_keys: tuple[tuple[str, Value], ...] = ()


@dataclass(frozen=True, slots=True)
class Patch:
    """Write some fields of a record, if it still has `version`."""

    id: int
    version: int
    values: Mapping[str, Value]


OutcomeState = Literal[
    "created", "matched", "found", "updated", "unchanged", "stale", "ambiguous", "refused", "missing"
]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one Ensure or Patch. `record` holds what is stored now, as normalised by its side; `candidates` go with
    "ambiguous", `reason` (a sentence for people) with "refused".
    """

    state: OutcomeState
    record: SideRecord | None = None
    candidates: tuple[int, ...] = ()
    reason: Text = ""


class RecordSide(Protocol):
    """What both products offer for the records that are kept in step."""

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

    def scan(self, module: str, *, after_id: int = 0, limit: int = 500) -> Sequence[SideRecord]:
        """Live records in order of id."""
        ...

    def find(self, module: str, field_name: str, values: Sequence[Value]) -> Mapping[Value, tuple[int, ...]]:
        """Live records by a match key, compared normalised (e-mail, name, code). Every value asked for is a key of the answer."""
        ...

    def ensure(self, module: str, items: Sequence[Ensure], actor: Actor) -> Sequence[Outcome]:
        """In one transaction, each by itself: found by key, else the one live unstamped match, else created and stamped."""
        ...

    def patch(self, module: str, items: Sequence[Patch], actor: Actor) -> Sequence[Outcome]: ...

    def remove(self, module: str, ids: Sequence[int], actor: Actor) -> Sequence[Outcome]:
        """Move to the recycle bin."""
        ...

    def record_url(self, module: str, record_id: int) -> str:
        """Where a person sees this record in its own product."""
        ...


class CrmSide(RecordSide, Protocol):
    """A CRM org."""

    name: str

    def visible(self, module: str, record_id: int, actor: Actor) -> SideRecord:
        """One record, if this person may see it. Raises `NotFound`."""
        ...


TicketFilter = Literal["all", "open", "overdue", "closed", "escalated", "high_priority", "mine"]


@dataclass(frozen=True, slots=True)
class Party:
    """Whose tickets: Desk contacts and accounts by id, and e-mail addresses of people the Desk may know."""

    contact_ids: tuple[int, ...] = ()
    account_ids: tuple[int, ...] = ()
    emails: tuple[str, ...] = ()

    @property
    def is_nobody(self) -> bool:
        return not (self.contact_ids or self.account_ids or self.emails)


@dataclass(frozen=True, slots=True)
class TicketRow:
    """A line of a ticket list."""

    id: int
    number: int
    subject: str
    status: str
    status_type: Literal["Open", "On Hold", "Closed"]
    priority: str
    channel: str
    department: str
    contact_name: str
    account_name: str
    assignee_name: str
    is_our_turn: bool
    is_escalated: bool
    created_at: datetime
    last_activity_at: datetime
    due_at: datetime | None = None
    closed_at: datetime | None = None
    rating: str = ""


@dataclass(frozen=True, slots=True)
class TicketPage:
    rows: tuple[TicketRow, ...]
    total: int
    counts: Mapping[TicketFilter, int]


@dataclass(frozen=True, slots=True)
class TicketAttachment:
    id: int
    name: str
    size_bytes: int
    url: str


@dataclass(frozen=True, slots=True)
class ConversationItem:
    """A mail in or out, a comment, or an event line. `html` is sanitised and safe to show."""

    kind: Literal["incoming", "outgoing", "comment", "event"]
    id: int
    at: datetime
    author_name: str
    author_email: str = ""
    html: str = ""
    quoted_html: str = ""
    is_public: bool = True
    is_forward: bool = False
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    state: str = ""
    failure: str = ""
    attachments: tuple[TicketAttachment, ...] = ()


@dataclass(frozen=True, slots=True)
class TicketRights:
    """What a person may do with tickets (spec P2, P4). Someone without a Desk account reads and comments, nothing else."""

    has_desk_account: bool = False
    may_read: bool = False
    may_comment: bool = False
    may_reply: bool = False
    may_forward: bool = False
    may_create: bool = False
    may_update: bool = False
    may_assign: bool = False
    may_delete: bool = False


@dataclass(frozen=True, slots=True)
class TicketDetail:
    row: TicketRow
    description_html: str
    contact_id: int | None
    account_id: int | None
    contact_email: str
    department_id: int
    assignee_id: int | None
    product: str
    classification: str
    version: int
    conversation: tuple[ConversationItem, ...]
    rights: TicketRights
    url: str


@dataclass(frozen=True, slots=True)
class Choice:
    """An option of a pick list: what is sent and what is read."""

    value: str
    label: Text


@dataclass(frozen=True, slots=True)
class TicketField:
    """A field of a ticket that a person may fill in or update."""

    api_name: str
    label: Text
    type: FieldType
    is_required: bool = False
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Upload:
    """A file on its way into a ticket."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class TicketDraft:
    """A new ticket: for a known Desk contact, or for one found or made by name and e-mail."""

    department_id: int
    subject: str
    description_html: str = ""
    contact_id: int | None = None
    contact_last_name: str = ""
    contact_first_name: str = ""
    contact_email: str = ""
    account_id: int | None = None
    values: Mapping[str, Value] = field(default_factory=dict)
    uploads: tuple[Upload, ...] = ()


@dataclass(frozen=True, slots=True)
class MailDraft:
    """A reply or a forward."""

    html: str
    to: tuple[str, ...]
    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()
    is_forward: bool = False
    uploads: tuple[Upload, ...] = ()


@dataclass(frozen=True, slots=True)
class CommentDraft:
    html: str
    is_public: bool = False
    uploads: tuple[Upload, ...] = ()


@dataclass(frozen=True, slots=True)
class TicketStatistics:
    """N1. Times are averages in seconds, None where nothing was measured."""

    total: int
    open: int
    overdue: int
    closed: int
    first_response_seconds: float | None
    resolution_seconds: float | None
    good: int
    okay: int
    bad: int


class DeskSide(RecordSide, Protocol):
    """A Desk portal."""

    name: str

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

    def read_ticket(self, ticket_id: int, actor: Actor) -> TicketDetail: ...

    def create_ticket(self, draft: TicketDraft, actor: Actor) -> int:
        """The new ticket's id. Raises `core.errors.InvalidValues`."""
        ...

    def send_mail(self, ticket_id: int, draft: MailDraft, actor: Actor) -> None: ...

    def comment(self, ticket_id: int, draft: CommentDraft, actor: Actor) -> None: ...

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

    def create(self, name: str, actor: Actor) -> int:
        """Route B: a new portal with one department; the actor is its first administrator. The portal's id."""
        ...
