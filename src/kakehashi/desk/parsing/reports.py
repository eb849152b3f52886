"""Delivery reports (RFC 3464), and the mails by which servers that know no standard say the same. Pure."""

import re
from email.message import Message
from email.parser import HeaderParser
from typing import Any

from .bodies import all_parts, content_of, text_of, type_of
from .charsets import decode_text
from .headers import header_text, raw_header
from .mail import DeliveryReport

STAMP = "X-Kakehashi-Message"
_FROM_SERVERS = re.compile(
    r"^(?:mailer-daemon|postmaster|mail-daemon|mdaemon|mail\.administrator|bounce[sd]?|no-?reply-?bounce)$",
    re.IGNORECASE,
)
_SUBJECTS = re.compile(
    r"undeliver|delivery (?:status notification|failure|has failed|report)|returned mail|mail delivery (?:fail|system)|failure notice|"
    r"could not be delivered|delivery failed|mail system error|user unknown|non.?delivery|"
    r"配信不能|配信できません|配送不能|送信できません|配信エラー|メールが届きません|エラーメール|返送|未配達|お届けできません",
    re.IGNORECASE,
)  # fmt: skip
_DELAYS = re.compile(
    r"delayed|still trying|will (?:be retried|keep trying)|warning: (?:could not send|message)|遅延|再送を試み",
    re.IGNORECASE,
)
_MESSAGE_ID_LINE = re.compile(r"^[> \t|]*Message-ID:\s*(<[^<>\s]+>)", re.IGNORECASE | re.MULTILINE)
_STAMP_LINE = re.compile(rf"^[> \t|]*{STAMP}:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
_STATUS = re.compile(r"\b([45]\.\d{1,3}\.\d{1,3})\b")
_REPLY_CODE = re.compile(r"\b([45]\d\d)[ -](?:[45]\.\d{1,3}\.\d{1,3}\s)?[^\n]{3,200}")
_ADDRESS = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
_REASONS = re.compile(
    r"^.*(?:user unknown|unknown user|no mailbox|no such user|does not exist|mailbox (?:is )?full|over quota|unknown local|host (?:unknown|not found)|"
    r"rejected|refused|timed out|宛先|あて先|存在しません|見つかりません|受信できません|いっぱい|拒否).*$",
    re.IGNORECASE | re.MULTILINE,
)  # fmt: skip


def report_in(mail: Message, sender: str, subject: str) -> DeliveryReport | None:
    """None for a mail that is no report. A report counts as such by its form, or by who sends it with which subject."""
    if type_of(mail) == "multipart/report" and "disposition-notification" in raw_header(mail, "Content-Type").lower():
        return None
    parts = list(all_parts(mail))
    status = next((part for part in parts if type_of(part) == "message/delivery-status"), None)
    if status is None and not _looks_like_report(mail, sender, subject):
        return None
    fields = _status_fields(status) if status is not None else {}
    words = "\n".join(text_of(part) for part in parts if type_of(part) in {"text/plain", "text/html"})[:50_000]
    returned = _returned_headers(parts) or words
    failed = header_text(mail, "X-Failed-Recipients")
    return DeliveryReport(
        is_final=_is_final(fields, subject, words),
        recipient=_recipient(fields, failed, words),
        status=fields.get("status", "") or _first(_STATUS, words),
        reason=_reason(fields, words),
        message_ids=tuple(dict.fromkeys(_MESSAGE_ID_LINE.findall(returned) + _MESSAGE_ID_LINE.findall(words))),
        stamp=_first(_STAMP_LINE, returned),
    )


def is_receipt(mail: Message) -> bool:
    """Somebody's program says that a mail of ours was displayed or deleted (RFC 8098)."""
    return (
        type_of(mail) == "multipart/report" and "disposition-notification" in raw_header(mail, "Content-Type").lower()
    )


def _looks_like_report(mail: Message, sender: str, subject: str) -> bool:
    if raw_header(mail, "X-Failed-Recipients"):
        return True
    has_no_return = raw_header(mail, "Return-Path").strip() == "<>"
    is_server = bool(_FROM_SERVERS.match(sender.partition("@")[0]))
    return (is_server or has_no_return) and bool(_SUBJECTS.search(subject))


def _status_fields(part: Message) -> dict[str, str]:
    """The fields of the recipient that failed, in lower case. Python reads each block as a mail of its own; some servers' it does not."""
    inner = part.get_payload()
    blocks = (
        [str(block) for block in inner]
        if isinstance(inner, list)
        else re.split(r"\n\s*\n", decode_text(content_of(part)))
    )
    chosen: dict[str, str] = {}
    for block in blocks:
        fields = {
            key.lower(): " ".join(value.split()) for key, value in HeaderParser().parsestr(block.lstrip()).items()
        }
        if "action" in fields and (not chosen or fields["action"].lower() == "failed"):
            chosen = fields
    return chosen


def _returned_headers(parts: list[Message]) -> str:
    """The head of our own mail as the report brings it back."""
    texts = []
    for part in parts:
        if type_of(part) in {"text/rfc822-headers", "message/rfc822-headers"}:
            texts.append(decode_text(content_of(part)))
        elif type_of(part) in {"message/rfc822", "message/global"}:
            inner: Any = part.get_payload()
            head = inner[0].items() if isinstance(inner, list) and inner else []
            texts.append("\n".join(f"{name}: {value}" for name, value in head))
    return "\n".join(texts)


def _is_final(fields: dict[str, str], subject: str, words: str) -> bool:
    if "action" in fields:
        return fields["action"].lower() == "failed"
    return not _DELAYS.search(subject) and not (_DELAYS.search(words[:1_000]) and not _REASONS.search(words))


def _recipient(fields: dict[str, str], failed: str, words: str) -> str:
    named = fields.get("final-recipient", "") or fields.get("original-recipient", "")
    return _first(_ADDRESS, named.rpartition(";")[2]) or _first(_ADDRESS, failed) or _first(_ADDRESS, words)


def _reason(fields: dict[str, str], words: str) -> str:
    """One line that a person can act on."""
    diagnostic = fields.get("diagnostic-code", "").partition(";")[2].strip()
    line = diagnostic or _first(_REPLY_CODE, words, whole=True) or _first(_REASONS, words, whole=True)
    return " ".join((line or fields.get("status", "") or _first(_STATUS, words)).split())[:500]


def _first(pattern: re.Pattern[str], text: str, *, whole: bool = False) -> str:
    match = pattern.search(text)
    if not match:
        return ""
    return match[0] if whole or not match.groups() else match[1]
