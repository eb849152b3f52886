"""Bytes to a mail. Whatever bytes they are, this answers: a mail, or why it is none."""

import re
from email.message import Message
from email.parser import BytesHeaderParser, BytesParser
from email.policy import compat32

from kakehashi.desk.conversations.addresses import Address

from .bodies import Bodies, TooManyParts, bodies_of, type_of
from .headers import addresses_in, date_in, decode_header, header_text, message_ids_in, raw_header
from .mail import ParsedMail, Unreadable
from .repairs import repaired
from .reports import is_receipt, report_in

_SENDERS = ("From", "Resent-From", "Sender", "Reply-To", "Return-Path")
_DELIVERED_TO = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "X-Forwarded-To", "X-Delivered-To")
_END_OF_HEADERS = re.compile(rb"\r?\n\r?\n")
_MANY_LINES = re.compile(r"\n{4,}")
_LONGEST_SUBJECT = 1_000


def parse_mail(raw: bytes) -> ParsedMail | Unreadable:
    """Never raises."""
    try:
        return _parse(BytesParser(policy=compat32).parsebytes(repaired(raw)))
    except (TooManyParts, RecursionError):
        return Unreadable("too_many_parts")
    except Exception as failure:  # noqa: BLE001 - a mail may be anything; losing it is the one thing that must not happen
        return Unreadable("broken", f"{type(failure).__name__}: {failure}"[:500])


def peek(raw: bytes) -> ParsedMail | Unreadable:
    """The headers alone, for the list of incoming mail and for telling a mail from its second copy."""
    try:
        # The parser would go through every line of the bodies, too, and find nothing in them.
        headers = _END_OF_HEADERS.split(repaired(raw[:100_000]), maxsplit=1)[0]
        head = BytesHeaderParser(policy=compat32).parsebytes(headers)
        sender = _sender(head)
        return _with_headers(head, sender or Address("", ""))
    except Exception as failure:  # noqa: BLE001 - as above
        return Unreadable("broken", f"{type(failure).__name__}: {failure}"[:500])


def _parse(mail: Message) -> ParsedMail | Unreadable:
    if not mail.keys():
        return Unreadable("no_headers")
    sender = _sender(mail)
    if sender is None:
        return Unreadable("no_sender")
    return _with_bodies(mail, _with_headers(mail, sender), bodies_of(mail))


def _sender(mail: Message) -> Address | None:
    for name in _SENDERS:
        if found := addresses_in(mail, name):
            return found[0]
    words = header_text(mail, "From")
    return Address("", words[:200]) if words else None


def _with_headers(mail: Message, sender: Address) -> ParsedMail:
    headers: dict[str, str] = {}
    for name, value in mail.raw_items():
        headers.setdefault(name.lower(), decode_header(str(value)[:20_000])[:4_000])
    delivered = [address for name in _DELIVERED_TO for address in addresses_in(mail, name)]
    return ParsedMail(
        sender=sender,
        message_id=next(iter(message_ids_in(raw_header(mail, "Message-ID"))), ""),
        in_reply_to=message_ids_in(raw_header(mail, "In-Reply-To")),
        references=message_ids_in(raw_header(mail, "References")),
        reply_to=addresses_in(mail, "Reply-To"),
        to=addresses_in(mail, "To"),
        cc=addresses_in(mail, "Cc"),
        delivered_to=tuple(delivered),
        subject=header_text(mail, "Subject")[:_LONGEST_SUBJECT],
        date=date_in(mail),
        headers=headers,
        content_type=type_of(mail),
    )


def _with_bodies(mail: Message, head: ParsedMail, bodies: Bodies) -> ParsedMail:
    text = "\n\n".join(text.strip("\n") for text in bodies.texts if text.strip())
    return ParsedMail(
        **{name: getattr(head, name) for name in _KEPT},
        text=_MANY_LINES.sub("\n\n\n", text),
        html="\n".join(html for html in bodies.htmls if html.strip()) if bodies.has_html else "",
        files=tuple(bodies.files),
        report=report_in(mail, head.sender.address, head.subject),
        is_receipt=is_receipt(mail),
        defects=tuple(sorted({type(defect).__name__ for part in mail.walk() for defect in part.defects})),
    )


_KEPT = (
    "sender", "message_id", "in_reply_to", "references", "reply_to", "to", "cc", "delivered_to", "subject", "date", "headers",
    "content_type",
)  # fmt: skip
