"""Taking a mail in: its bytes are safe on disk and its row is committed before anybody says "I have it"."""

import hashlib
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import IntegrityError, transaction

from kakehashi.core import clock
from kakehashi.core.attachments.storage import Stored, path_of, write_content, write_contents
from kakehashi.core.errors import NotFound
from kakehashi.core.normalise.email import normal_email
from kakehashi.desk.mailboxes.models import Mailbox
from kakehashi.desk.parsing.mail import ParsedMail, Unreadable
from kakehashi.desk.parsing.parser import peek
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.records.searching import tokens_of

from .jobs import wake_filing
from .models import IncomingMail, MailState, Reason

_END_OF_HEADERS = re.compile(rb"\r?\n\r?\n")


@dataclass(frozen=True, slots=True)
class Delivery:
    """A mail with what its carrier knows. `envelope_sender` None: nobody said. `is_cut` when only its headers could be had."""

    raw: bytes
    recipients: Sequence[str] = ()
    envelope_sender: str | None = None
    source: str = "smtp"
    is_cut: bool = False


def take_in(
    portal: Portal, deliveries: Sequence[Delivery], *, mailbox: Mailbox | None = None
) -> list[IncomingMail | None]:
    """Store mails and queue their filing, in one transaction. None for one that the portal has already."""
    whole = write_contents([[delivery.raw] for delivery in deliveries], limit_bytes=settings.MAIL_LIMIT_BYTES)
    kept = [_row(portal, delivery, mailbox, stored) for delivery, stored in zip(deliveries, whole, strict=True)]
    with transaction.atomic():
        taken = [_insert(row) for row in kept]
        if any(taken):
            wake_filing(portal.pk)
    return taken


def raw_of(mail: IncomingMail) -> bytes:
    """Raises `NotFound` for a mail whose sender's data were erased."""
    if not mail.digest:
        raise NotFound
    return path_of(mail.digest).read_bytes()


def mails_with(digests: Collection[str]) -> set[str]:
    """Those of the digests under which a mail lies, for whoever would remove their bytes."""
    return set(IncomingMail.objects.filter(digest__in=digests).values_list("digest", flat=True)) if digests else set()


def _row(portal: Portal, delivery: Delivery, mailbox: Mailbox | None, stored: Stored | None) -> IncomingMail:
    raw = delivery.raw
    if stored is None:  # larger than allowed: its headers at least, so that somebody can see who wrote
        raw = delivery.raw[:100_000].partition(b"\n\n")[0].partition(b"\r\n\r\n")[0]
        stored = write_content([raw], limit_bytes=settings.MAIL_LIMIT_BYTES)
    digest, size = stored or ("", 0)
    head = peek(raw)
    row = IncomingMail(
        portal=portal,
        key=key_of(head, raw),
        digest=digest,
        size_bytes=max(size, len(delivery.raw)),
        source=delivery.source,
        mailbox=mailbox,
        envelope_sender=None if delivery.envelope_sender is None else delivery.envelope_sender[:400],
        recipients=[recipient[:400] for recipient in delivery.recipients][:100],
        received_at=clock.now(),
    )
    if raw is not delivery.raw or delivery.is_cut:
        row.state, row.reason = MailState.QUARANTINED, Reason.TOO_LARGE
    if isinstance(head, ParsedMail):
        row.sender, row.sender_normal = str(head.sender)[:400], normal_email(head.sender.address)[:254]
        row.subject, row.header_id = head.subject[:1000], head.message_id
    row.search = tokens_of(portal.pk, f"{row.sender} {row.subject}")
    return row


def key_of(head: ParsedMail | Unreadable, raw: bytes) -> str:
    """What makes two copies the same mail, whichever way they came: the same Message-ID, sender and words, line ends aside.

    A Message-ID alone would not do: some programs give all their mails the same one, and the second mail would be lost.
    """
    if isinstance(head, ParsedMail) and head.message_id:
        said = "\n".join([head.message_id, normal_email(head.sender.address), str(head.date), head.subject])
        body = b"".join(_END_OF_HEADERS.split(raw, maxsplit=1)[1:])
        words = said.encode("utf-8", "surrogatepass") + b"".join(body.split())
        return hashlib.sha256(words).hexdigest()
    return hashlib.sha256(raw).hexdigest()


def _insert(row: IncomingMail) -> IncomingMail | None:
    """Two carriers may bring the same mail at once: the unique key decides."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return None
    return row
