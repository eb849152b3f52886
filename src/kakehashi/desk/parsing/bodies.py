"""The parts of a mail: which are its text, which are files, which images stand in the text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from typing import Any

from kakehashi.desk.conversations.html import html_of_text

from .charsets import decode_text
from .headers import header_text, parameters_of, raw_header
from .mail import MailFile
from .repairs import boundary_in

MOST_PARTS = 1_000
_DEEPEST = 30
_HTML_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_ENDINGS = {
    "image/jpeg": "jpg", "image/png": "png", "image/gif": "gif", "application/pdf": "pdf", "text/plain": "txt", "text/html": "html",
    "text/csv": "csv", "text/calendar": "ics", "message/rfc822": "eml", "application/zip": "zip",
}  # fmt: skip


class TooManyParts(Exception):
    """More than anybody means to send: made to choke us."""


@dataclass(slots=True)
class Bodies:
    """Filled while walking. Texts are joined in their order; of alternatives both forms are kept."""

    texts: list[str] = field(default_factory=list)
    htmls: list[str] = field(default_factory=list)
    files: list[MailFile] = field(default_factory=list)
    has_html: bool = False
    count: int = 0


def bodies_of(mail: Message) -> Bodies:
    """Raises `TooManyParts`."""
    bodies = Bodies()
    _walk(mail, bodies, depth=0)
    return bodies


def content_of(part: Message) -> bytes:
    """The part's bytes with their transfer encoding undone as far as it goes."""
    try:
        payload = part.get_payload(decode=True)
    except (ValueError, UnicodeError, AssertionError, IndexError):
        payload = None
    if isinstance(payload, bytes):
        return payload
    kept: Any = part.get_payload()
    return kept.encode("utf-8", "surrogateescape") if isinstance(kept, str) else b""


def type_of(part: Message) -> str:
    return part.get_content_type().lower()


def name_of(part: Message) -> str:
    """The file name, from whichever header has one."""
    return (
        parameters_of(part, "Content-Disposition").get("filename")
        or parameters_of(part, "Content-Type").get("name")
        or ""
    )


def text_of(part: Message) -> str:
    content = content_of(part)
    label = parameters_of(part, "Content-Type").get("charset", "")
    if type_of(part) == "text/html" and not label and (found := _HTML_CHARSET.search(content[:2_000])):
        label = found[1].decode("ascii", "ignore")
    return decode_text(content, label).replace("\r\n", "\n").replace("\r", "\n")


def all_parts(mail: Message) -> Iterator[Message]:
    for number, part in enumerate(mail.walk()):
        if number > MOST_PARTS:
            raise TooManyParts
        yield part


def _walk(part: Message, bodies: Bodies, *, depth: int) -> None:
    bodies.count += 1
    if bodies.count > MOST_PARTS or depth > _DEEPEST:
        raise TooManyParts
    kind = type_of(part)
    if kind == "message/rfc822" or (kind.startswith("message/") and part.is_multipart()):
        _keep_inner_mail(part, bodies)
    elif part.is_multipart():
        _walk_children(part, bodies, kind, depth)
    elif kind.startswith("multipart/"):
        _walk_repaired(part, bodies, depth)
    elif _is_body(part, kind):
        _take_body(part, bodies, kind)
    else:
        _take_file(part, bodies, kind)


def _walk_children(part: Message, bodies: Bodies, kind: str, depth: int) -> None:
    children: Any = part.get_payload()
    if kind != "multipart/alternative":
        for child in children:
            _walk(child, bodies, depth=depth + 1)
        return
    richest = Bodies(count=bodies.count)
    for child in children:
        _walk(child, richest, depth=depth + 1)
    bodies.count = richest.count
    bodies.files += richest.files
    bodies.has_html = bodies.has_html or richest.has_html
    text = next((text for text in richest.texts if text.strip()), "")
    html = next((html for html in reversed(richest.htmls) if html.strip()), "")
    bodies.texts.append(text)
    bodies.htmls.append(html or html_of_text(text))


def _walk_repaired(part: Message, bodies: Bodies, depth: int) -> None:
    """A multipart that Python could not part: its boundary is missing or another one."""
    content = content_of(part)
    if not (boundary := boundary_in(content)):
        text = decode_text(content).replace("\r\n", "\n")
        bodies.texts.append(text)
        bodies.htmls.append(html_of_text(text))
        return
    head = f'Content-Type: multipart/mixed; boundary="{boundary}"\n\n'.encode("ascii", "ignore")
    _walk(BytesParser(policy=compat32).parsebytes(head + content), bodies, depth=depth + 1)


def _is_body(part: Message, kind: str) -> bool:
    if kind not in {"text/plain", "text/html", "text/enriched", "text/markdown"}:
        return False
    disposition = raw_header(part, "Content-Disposition").partition(";")[0].strip().lower()
    return disposition != "attachment" and not name_of(part)


def _take_body(part: Message, bodies: Bodies, kind: str) -> None:
    text = text_of(part)
    if kind == "text/html":
        bodies.htmls.append(text)
        bodies.texts.append("")
        bodies.has_html = True
        return
    parameters = parameters_of(part, "Content-Type")
    if parameters.get("format", "").lower() == "flowed":
        text = _unflowed(text, drops_space=parameters.get("delsp", "").lower() == "yes")
    bodies.texts.append(text)
    bodies.htmls.append(html_of_text(text))


def _take_file(part: Message, bodies: Bodies, kind: str) -> None:
    content = content_of(part)
    name = name_of(part)
    if not content and not name:
        return
    content_id = header_text(part, "Content-ID").strip("<> ")
    bodies.files.append(MailFile(name or _some_name(kind, len(bodies.files) + 1), kind, content, content_id))


def _keep_inner_mail(part: Message, bodies: Bodies) -> None:
    """A mail inside the mail is a file of it, whole."""
    children: Any = part.get_payload()
    if not isinstance(children, list) or not children:
        return _take_file(part, bodies, "message/rfc822")
    try:
        content = children[0].as_bytes()
    except (ValueError, UnicodeError, KeyError, AttributeError, LookupError):
        content = str(children[0].get_payload()).encode("utf-8", "surrogateescape")
    name = name_of(part) or f"{header_text(children[0], 'Subject')[:80] or 'mail'}.eml"
    bodies.files.append(MailFile(name, "message/rfc822", content))
    return None


def _some_name(kind: str, number: int) -> str:
    return f"attachment-{number}.{_ENDINGS.get(kind, 'bin')}"


def _unflowed(text: str, *, drops_space: bool) -> str:
    """RFC 3676: a line that ends in a space goes on in the next one."""
    lines: list[str] = []
    goes_on = False
    for line in text.split("\n"):
        body = line.removeprefix(" ")
        if goes_on and not body.startswith(">"):
            lines[-1] += body
        else:
            lines.append(body)
        goes_on = body.endswith(" ") and body != "-- " and not body.startswith(">")
        if goes_on and drops_space:
            lines[-1] = lines[-1][:-1]
    return "\n".join(lines)
