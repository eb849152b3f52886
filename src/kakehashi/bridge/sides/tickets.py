"""What crosses the seam about tickets."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from kakehashi.core.errors import Text
from kakehashi.core.fields.schema import FieldSchema
from kakehashi.core.filters.definition import Filter

from .records import FieldType, Value

TicketFilter = Literal["all", "open", "overdue", "closed", "escalated", "high_priority", "mine", "spam"]
TicketSort = Literal["-activity", "activity", "due", "-created", "created"]


@dataclass(frozen=True, slots=True)
class Party:
    """Whose tickets: Desk contacts and accounts by id, and e-mail addresses of people the Desk may know.

    `ticket_ids` are tickets that somebody linked to the record itself (spec D1): they belong to it, whoever's they are, and come first.
    """

    contact_ids: tuple[int, ...] = ()
    account_ids: tuple[int, ...] = ()
    emails: tuple[str, ...] = ()
    ticket_ids: tuple[int, ...] = ()

    @property
    def is_nobody(self) -> bool:
        return not (self.contact_ids or self.account_ids or self.emails or self.ticket_ids)


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
class TicketQuery:
    """Which tickets of a party, in which order, from which place of an earlier page on. `filter` asks of the Desk's `ticket_subjects`.
    Those that are "spam" lie in the Desk's recycle bin and are none of the others.

    "due" leaves out closed tickets; those without a due date come last.
    """

    show: TicketFilter = "all"
    filter: Filter = field(default_factory=Filter)
    sort: TicketSort = "-activity"
    after: str = ""
    before: str = ""
    limit: int = 25


@dataclass(frozen=True, slots=True)
class TicketPage:
    """`linked` are those of `Party.ticket_ids`, on the first page only; `rows` the others. `counts` are over the whole party, whatever
    the filter says; `total` is how many fit pill and filter, linked ones too, and at least so many where it `is_capped`. `previous` and
    `next` are places, "" where there is nothing more. `is_limited`: this person sees tickets of some departments only.
    """

    rows: tuple[TicketRow, ...]
    total: int
    counts: Mapping[TicketFilter, int]
    linked: tuple[TicketRow, ...] = ()
    is_capped: bool = False
    is_limited: bool = False
    previous: str = ""
    next: str = ""


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
    may_bulk: bool = False
    may_delete: bool = False


@dataclass(frozen=True, slots=True)
class TicketDetail:
    """A ticket in its sheet. `url` is its page in the Desk itself, "" for who may not go there. `shows_images`: somebody asked for the
    remote images of a mail.
    """

    row: TicketRow
    contact_id: int | None
    account_id: int | None
    contact_email: str
    rights: TicketRights
    version: int
    url: str
    shows_images: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """An option of a pick list: what is sent and what is read. `hint` tells two of the same name apart."""

    value: str
    label: Text
    hint: Text = ""


@dataclass(frozen=True, slots=True)
class TicketField:
    """A field of a ticket that a person may fill in or update; `schema` describes one that administrators made."""

    api_name: str
    label: Text
    type: FieldType
    is_required: bool = False
    choices: tuple[Choice, ...] = ()
    schema: FieldSchema | None = None


@dataclass(frozen=True, slots=True)
class Upload:
    """A file on its way into a ticket."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class TicketDraft:
    """A new ticket: for a known Desk contact, or for one found or made by name and e-mail. `kept` are files that were sent ahead; a
    draft that comes again with the same `key` has opened its ticket already.
    """

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
    kept: tuple[int, ...] = ()
    key: str = ""


TicketDeed = Literal["update", "close", "delete", "restore"]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A ticket that a change passed over, and why. `title` is "" where its reader does not see it any more."""

    ticket_id: int
    title: str
    reason: Text


@dataclass(frozen=True, slots=True)
class TicketChange:
    """One change of one or many tickets: how far it is, and what became of each. `left_out` holds the first hundred."""

    id: int
    deed: TicketDeed
    total: int
    changed: int = 0
    unchanged: int = 0
    skipped: int = 0
    is_over: bool = True
    is_undo: bool = False
    may_undo: bool = False
    left_out: tuple[LeftOut, ...] = ()

    @property
    def done(self) -> int:
        return self.changed + self.unchanged + self.skipped


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody wrote in the composer. `mode` is reply, reply_all, forward, comment or public_comment; `kept` are files that were
    sent ahead (`keep_upload`), `seen` is the newest message that the writer knew. The same that comes again with the same `key`, that of
    its form, has been written already.
    """

    mode: str
    html: str
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()
    uploads: tuple[Upload, ...] = ()
    kept: tuple[int, ...] = ()
    seen: int | None = None
    key: str = ""


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
class CustomerCard:
    """What a Desk knows about one of its accounts or contacts (spec R4). `fields` are labels and texts of what is filled in; `agents` work
    on its latest tickets, which are about `products`. `url` is "" for who cannot go there; `live` is what the page listens to.
    """

    name: str
    url: str
    live: str
    fields: tuple[tuple[Text, str], ...]
    agents: tuple[str, ...]
    products: tuple[str, ...]
    good: int
    okay: int
    bad: int

    @property
    def rated(self) -> int:
        return self.good + self.okay + self.bad
