"""What conversation parts show. Products turn their own rows into these; the parts know no business."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import uuid4

from django.utils.safestring import SafeString

from kakehashi.core.errors import Text


@dataclass(frozen=True, slots=True)
class AttachmentLink:
    name: str
    url: str
    size_bytes: int
    is_image: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """Something somebody wrote. `html` is already sanitised; `quoted_html` is folded away.

    `verb` follows the name ("replied"), `address` is the author's e-mail, `state` says what became of it
    ("Opened", "Sending…"), `failure` why it was not sent; `retry_url` is posted to when the person sends it again.
    `images_url` is posted to when they want the remote images, `original_url` leads to the mail as it came; `notes` are
    sentences about it ("a file was left out").
    """

    author: str
    at: datetime
    html: SafeString
    id: str = ""
    is_internal: bool = False
    verb: Text = ""
    address: str = ""
    state: Text = ""
    state_icon: str = "checks"
    failure: Text = ""
    recipients: Text = ""
    quoted_html: SafeString | str = ""
    attachments: Sequence[AttachmentLink] = ()
    delete_url: str = ""
    retry_url: str = ""
    images_url: str = ""
    original_url: str = ""
    notes: Sequence[Text] = ()


@dataclass(frozen=True, slots=True)
class EventLine:
    """Something that happened: one thin line. `html` may hold <b>names</b>, made with `format_html`."""

    html: SafeString | Text
    at: datetime
    icon: str = "history"
    is_bad: bool = False


@dataclass(frozen=True, slots=True)
class Conversation:
    """What was said and what happened, oldest first: all of it, or the part of a long one that begins at `since`. By that text the
    part is asked for again, with whatever is new, and what came before it.
    """

    items: Sequence[Message | EventLine]
    since: str
    has_earlier: bool = False


@dataclass(frozen=True, slots=True)
class Presence:
    """Names of others who have the same thing open, whoever writes first; `holder` is the one who answers just now."""

    others: Sequence[str] = ()
    holder: str = ""


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    html: SafeString | Text
    at: datetime
    icon: str = "history"
    is_blue: bool = False


@dataclass(frozen=True, slots=True)
class TimelineDay:
    label: Text
    entries: Sequence[TimelineEntry]


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file that was sent before and stands in the composer again: after a refusal, or out of a draft. `group` is the one of the
    modes that it belongs to.
    """

    id: int
    name: str
    size_bytes: int
    group: str = ""


@dataclass(frozen=True, slots=True)
class ComposerMode:
    """One way to write. `key` is sent as `mode`; `send_label` stands on the button; recipients are shown as chips.

    Modes of one `group` share what is typed; between groups each has its own text (`draft_html` to begin with), so that
    what was meant for colleagues never stands in a mail. `has_recipients` is for mails; `note` says what goes along by itself.
    """

    key: str
    label: Text
    icon: str
    url: str
    send_label: Text
    to: Sequence[str] = ()
    cc: Sequence[str] = ()
    bcc: Sequence[str] = ()
    is_internal: bool = False
    has_recipients: bool = True
    group: str = ""
    draft_html: str = ""
    note: Text = ""


@dataclass(frozen=True, slots=True)
class ComposerUrls:
    """Where a composer sends what was written, keeps drafts and files, and asks for templates, colleagues, tickets and addresses."""

    mail: str
    comment: str
    draft: str
    upload: str
    suggestions: str


@dataclass(frozen=True, slots=True)
class Composer:
    """Fields sent: `html`, `to`, `cc`, `bcc` (repeated), `files`, `uploads` (ids of kept files), `mode`, `seen`, `key`.

    `target` is the CSS selector that htmx swaps with the answer; `error` stands above the text after a refusal (422).
    `draft_url` is posted to a moment after each change and answers what to say about it. `upload_url` takes each file at once and
    answers {"id", "url", "name"}: an image that was pasted or dropped into the text stands there, the others are attached.
    `suggestions_url` answers ?kind=template|person|ticket|address&q= with [{"text", "hint", "insert", "html"}].
    `last` are the people of the last mail: who came since is marked, who is missing is named; `known_domains` are those that the
    ticket has written to, any other is warned of. `seen` names the newest message that the writer can have read. `key` is this form's own:
    what is sent again from it, since an answer got lost, is known by it.
    """

    modes: Sequence[ComposerMode]
    target: str = ""
    swap: str = "outerHTML"
    draft_html: str = ""
    draft_url: str = ""
    upload_url: str = ""
    suggestions_url: str = ""
    error: Text = ""
    placeholder: Text = ""
    may_attach: bool = True
    files: Sequence[KeptFile] = ()
    last: Sequence[str] = ()
    known_domains: Sequence[str] = ()
    signature: SafeString | str = ""
    seen: int | None = None
    key: str = field(default_factory=lambda: uuid4().hex)
