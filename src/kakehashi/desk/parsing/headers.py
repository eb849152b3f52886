"""Header lines as people read them: encoded words (RFC 2047, also broken ones), raw eight-bit text, addresses, file names (RFC 2231)."""

import binascii
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from urllib.parse import unquote_to_bytes

from kakehashi.core.normalise.email import normal_email
from kakehashi.desk.conversations.addresses import Address

from .charsets import decode_text

_ENCODED_WORD = re.compile(r"=\?([\w.:+-]+)(?:\*[\w-]*)?\?([bBqQ])\?(.*?)\?=", re.DOTALL)
_ENCODED_WORDS = re.compile(r"=\?[\w.:+*-]+\?[bBqQ]\?.*?\?=(?:\s*=\?[\w.:+*-]+\?[bBqQ]\?.*?\?=)*", re.DOTALL)
_NOT_BASE_64 = re.compile(r"[^A-Za-z0-9+/]")
_Q_ESCAPE = re.compile(rb"=([0-9A-Fa-f]{2})")
_ADDRESS = re.compile(r"[^\s<>\"(),:;\[\]\\@]+@[^\s<>\"(),:;\[\]\\@]+")
_COMMENT = re.compile(r"\([^()]*\)")
_SPACES_IN_ADDRESS = re.compile(r"\s*([.@])\s*")
_MESSAGE_ID = re.compile(r"<[^<>\s]+>")
_PARAMETER = re.compile(r";\s*([\w-]+)(?:\*(\d+))?(\*)?\s*=\s*(?:\"((?:\\.|[^\"\\])*)\"|([^;\"]*))", re.DOTALL)
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
_LONGEST_LINE = 20_000


def header_text(mail: Message, name: str) -> str:
    """The first header of this name, decoded, on one line."""
    return decode_header(raw_header(mail, name))


def raw_header(mail: Message, name: str) -> str:
    """As it stands in the mail; bytes that are not ASCII are surrogates."""
    wanted = name.lower()
    found = next((value for key, value in mail.raw_items() if key.lower() == wanted), "")
    return str(found)[:_LONGEST_LINE]


def decode_header(raw: str) -> str:
    return _one_line(_ENCODED_WORDS.sub(_decode_words, _as_text(raw)))


def addresses_in(mail: Message, name: str) -> tuple[Address, ...]:
    """Every address of all headers of this name, each once. Names are decoded after the commas parted them."""
    raw = ", ".join(
        _as_text(str(value)[:_LONGEST_LINE]) for key, value in mail.raw_items() if key.lower() == name.lower()
    )
    return parse_raw_addresses(raw) if raw.strip() else ()


def parse_raw_addresses(raw: str) -> tuple[Address, ...]:
    line = " ".join(raw.split())
    pairs = [(name, address) for name, address in getaddresses([line]) if "@" in address]
    if not any(_ADDRESS.search(address) for _name, address in pairs):
        bare = _SPACES_IN_ADDRESS.sub(r"\1", _COMMENT.sub("", line))
        pairs = [("", address) for address in _ADDRESS.findall(bare)]
    found: dict[str, Address] = {}
    for name, address in pairs:
        match = _ADDRESS.search(decode_header(address))
        if match:
            bare = match[0].strip(".'")
            found.setdefault(normal_email(bare) or bare, Address(decode_header(name).strip("'\" "), bare))
    return tuple(found.values())


def message_ids_in(raw: str) -> tuple[str, ...]:
    """Message-IDs of a References or In-Reply-To line, in order, each once."""
    text = _CONTROLS.sub("", _as_text(raw))
    ids = _MESSAGE_ID.findall(text) or [f"<{word}>" for word in text.split() if "@" in word and "<" not in word]
    return tuple(dict.fromkeys(one[:500] for one in ids))


def date_in(mail: Message) -> datetime | None:
    try:
        moment = parsedate_to_datetime(raw_header(mail, "Date"))
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return moment.astimezone(UTC) if 1980 < moment.year < 9000 else None
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def parameters_of(mail: Message, name: str) -> dict[str, str]:
    """Parameters of Content-Type or Content-Disposition: plain, quoted, with encoded words, or by RFC 2231 in pieces."""
    pieces: dict[str, list[tuple[int, bool, str]]] = {}
    raw = _as_text(raw_header(mail, name))
    for match in _PARAMETER.finditer(";" + raw.partition(";")[2]):
        key, number, is_encoded = match[1].lower(), int(match[2] or 0), bool(match[3])
        value = match[4].replace('\\"', '"').replace("\\\\", "\\") if match[4] is not None else match[5].strip()
        pieces.setdefault(key, []).append((number, is_encoded, value))
    return {key: _joined(sorted(parts, key=lambda part: part[0])) for key, parts in pieces.items()}


def _joined(parts: list[tuple[int, bool, str]]) -> str:
    """RFC 2231: the first encoded piece names the charset; all pieces are joined as bytes before they are decoded."""
    if not any(is_encoded for _number, is_encoded, _value in parts):
        return decode_header("".join(value for _number, _encoded, value in parts))
    charset, data = "", b""
    for number, is_encoded, value in parts:
        text = value
        if is_encoded and number == parts[0][0] and text.count("'") >= 2:
            charset, _language, text = text.split("'", 2)
        data += unquote_to_bytes(text) if is_encoded else text.encode("utf-8", "surrogateescape")
    return _one_line(decode_text(data, charset))


def _decode_words(words: re.Match[str]) -> str:
    """Encoded words that follow each other. Those of one charset are joined as bytes first: some senders cut signs in two."""
    runs: list[tuple[str, bytes]] = []
    for match in _ENCODED_WORD.finditer(words[0]):
        charset = match[1].lower()
        data = _from_base_64(match[3]) if match[2] in "bB" else _from_q(match[3])
        if runs and runs[-1][0] == charset:
            runs[-1] = (charset, runs[-1][1] + data)
        else:
            runs.append((charset, data))
    return "".join(decode_text(data, charset) for charset, data in runs)


def _from_base_64(payload: str) -> bytes:
    letters = _NOT_BASE_64.sub("", payload)
    letters = letters[: len(letters) - 1] if len(letters) % 4 == 1 else letters
    try:
        return binascii.a2b_base64(letters + "=" * (-len(letters) % 4))
    except binascii.Error:
        return b""


def _from_q(payload: str) -> bytes:
    data = payload.replace("_", " ").encode("utf-8", "surrogateescape")
    return _Q_ESCAPE.sub(lambda match: bytes.fromhex(match[1].decode()), data)


def _as_text(raw: str) -> str:
    """Raw eight-bit or ISO-2022-JP text in a header is no standard and happens every day."""
    data = raw.encode("utf-8", "surrogateescape")
    return decode_text(data) if not data.isascii() or b"\x1b" in data else raw


def _one_line(text: str) -> str:
    return " ".join(_CONTROLS.sub(" ", text).split())


def plain_addresses(addresses: Iterable[Address]) -> list[str]:
    return [normal for address in addresses if (normal := normal_email(address.address))]
