"""A mail as the pipeline sees it: plain values, decoded once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from kakehashi.desk.conversations.addresses import Address


@dataclass(frozen=True, slots=True)
class MailFile:
    """An attachment, or an image that stands in the text (`content_id` without its brackets)."""

    name: str
    content_type: str
    content: bytes
    content_id: str = ""


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """What a mail server says of a mail of ours. `is_final` when it gave up, else it only tells of a delay."""

    is_final: bool
    recipient: str = ""
    status: str = ""
    reason: str = ""
    message_ids: tuple[str, ...] = ()
    stamp: str = ""


@dataclass(frozen=True, slots=True)
class ParsedMail:
    """`headers` holds the first of each header by its lower-case name, decoded. `html` is as it came, not clean,
    and empty for a mail that is plain text.
    """

    sender: Address
    message_id: str = ""
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    reply_to: tuple[Address, ...] = ()
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    delivered_to: tuple[Address, ...] = ()
    subject: str = ""
    date: datetime | None = None
    text: str = ""
    html: str = ""
    files: tuple[MailFile, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "text/plain"
    report: DeliveryReport | None = None
    is_receipt: bool = False
    defects: tuple[str, ...] = ()

    @property
    def thread_ids(self) -> tuple[str, ...]:
        """The Message-IDs that this mail answers, the nearest first."""
        return tuple(dict.fromkeys([*self.in_reply_to, *reversed(self.references)]))


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Why bytes are no mail that anybody could file: a code of `Reason`, with what the machine says."""

    reason: str
    detail: str = ""
