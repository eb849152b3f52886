"""Who wrote the mail that a colleague has passed on: read from the text as mail programs write it, in Japanese and English. Pure."""

import re

from kakehashi.desk.conversations.addresses import Address
from kakehashi.desk.parsing.headers import parse_raw_addresses
from kakehashi.desk.parsing.mail import ParsedMail, Unreadable
from kakehashi.desk.parsing.parser import peek

_SUBJECT = re.compile(r"^\s*(?:fwd?|fw|転送|tr|wg|rv|i)\s*[:：]", re.IGNORECASE)
_FROM = re.compile(
    r"^[>＞\s*]*(?:From|差出人|送信者|送信元|発信者|Von|De)\s*\*?\s*[:：]\s*\*?\s*(?P<who>[^\n]{3,300})$", re.MULTILINE
)
_ADDRESS = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
_MAILTO = re.compile(r"\[?mailto:([^\]\s>]+)\]?", re.IGNORECASE)
_REST = re.compile(
    r"^[>＞\s*]*(?:Sent|Date|To|Subject|Cc|送信日時|日時|日付|送信日|宛先|件名|返信先|Reply-To)\s*\*?\s*[:：]",
    re.MULTILINE,
)


def original_sender(mail: ParsedMail, text: str) -> Address | None:
    """None where this does not look like a forwarded mail, or its writer cannot be read. `text` is the body as plain text."""
    for file in mail.files:
        if file.content_type == "message/rfc822" and (found := _sender_inside(file.content)):
            return found
    if not _SUBJECT.match(mail.subject):
        return None
    for match in _FROM.finditer(text):
        following = text[match.end() : match.end() + 500]
        if _REST.search(following) and (found := _read(match["who"], following)):
            return found
    return None


def _sender_inside(content: bytes) -> Address | None:
    inside = peek(content)
    return None if isinstance(inside, Unreadable) or "@" not in inside.sender.address else inside.sender


def _read(who: str, following: str) -> Address | None:
    """`Name <address>`, `Name [mailto:address]`, an address alone; the address may stand on the next line."""
    line = _MAILTO.sub(r"<\1>", who.replace("＜", "<").replace("＞", ">").replace("＠", "@").replace("*", ""))
    line = re.sub(r"<<?\s*([^<>]+?)\s*>?>", r"<\1>", line)
    if "@" not in line:
        line += " " + following.strip().partition("\n")[0]
    found = _ADDRESS.search(line)
    if not found:
        return None
    read = next((address for address in parse_raw_addresses(line) if address.address == found[0]), None)
    name = (read.name if read else "") or line[: found.start()].strip(" \t<>\"'（(")
    return Address(name if "@" not in name else "", found[0])
