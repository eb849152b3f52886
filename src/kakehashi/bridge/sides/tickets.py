"""What crosses the seam about tickets."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from kakehashi.core.errors import Text

from .records import FieldType, Value

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
    status_label: Text
    status_type: Literal["Open", "On Hold", "Closed"]
    priority: str
    channel: Text
    department: str
    contact_name: str
    account_name: str
    assignee_name: str
    is_our_turn: bool
    is_escalated: bool
    created_at: datetime
    last_activity_at: datetime
    product: str = ""
    due_at: datetime | None = None
    closed_at: datetime | None = None
    last_activity: str = ""
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
    content_type: str = ""


@dataclass(frozen=True, slots=True)
class ConversationItem:
    """A mail in or out, a comment, or an event line. `html` is sanitised and safe to show; an image of the ticket stands in it as
    `src="attachment:<id>"`, and the page that shows it gives it an address.
    """

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
    icon: str = ""
    attachments: tuple[TicketAttachment, ...] = ()


@dataclass(frozen=True, slots=True)
class TicketRights:
    """What a person may do with tickets (spec P2, P4). Someone without a Desk account reads and comments, nothing else."""

    has_desk_account: bool = False
    may_read: bool = False
    may_comment: bool = False
    may_comment_publicly: bool = False
    may_reply: bool = False
    may_forward: bool = False
    may_create: bool = False
    may_update: bool = False
    may_assign: bool = False
    may_delete: bool = False


@dataclass(frozen=True, slots=True)
class TicketDetail:
    """A ticket with its conversation, oldest first. `values` holds what `ticket_fields` may set."""

    row: TicketRow
    contact_id: int | None
    account_id: int | None
    contact_email: str
    values: Mapping[str, Value]
    conversation: tuple[ConversationItem, ...]
    rights: TicketRights
    version: int
    url: str


@dataclass(frozen=True, slots=True)
class Choice:
    """An option of a pick list: what is sent and what is read. `hint` tells two of the same name apart."""

    value: str
    label: Text
    hint: Text = ""


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
class Written:
    """What somebody wrote in the composer. `mode` is reply, reply_all, forward, comment or public_comment; `kept` are files that were
    sent ahead (`keep_upload`), `seen` is the newest message that the writer knew.
    """

    mode: str
    html: str
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()
    uploads: tuple[Upload, ...] = ()
    kept: tuple[int, ...] = ()
    seen: int | None = None


@dataclass(frozen=True, slots=True)
class SentMail:
    """`is_held`: it can still be taken back."""

    id: int
    is_held: bool


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`text` and `hint` are read; `insert` goes into the text, or the safe `html` where it is more than a word."""

    text: str
    hint: str = ""
    insert: str = ""
    html: str = ""


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
