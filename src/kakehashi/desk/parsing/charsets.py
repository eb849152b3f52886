"""Bytes to text when the label may be wrong, missing or unknown. Never raises; Japanese is what we expect first."""

import codecs
import re

from charset_normalizer import from_bytes

from .jis import HAS_ESCAPES, decode_iso_2022

_ISO_2022 = re.compile(r"(?:cs)?iso-?2022-?jp.*|cp5022[0-2]|jis", re.IGNORECASE)
# What senders write, and what they mean by it.
_MEANT = {
    "shift_jis": "cp932", "shift-jis": "cp932", "shiftjis": "cp932", "sjis": "cp932", "x-sjis": "cp932", "ms_kanji": "cp932",
    "windows-31j": "cp932", "cswindows31j": "cp932", "ms932": "cp932", "cp943": "cp932", "shift_jis-2004": "shift_jis_2004",
    "euc-jp": "euc_jp", "eucjp": "euc_jp", "x-euc-jp": "euc_jp", "eucjp-ms": "euc_jp", "cp51932": "euc_jp", "ujis": "euc_jp",
    "ks_c_5601-1987": "cp949", "ks_c_5601": "cp949", "euc-kr": "cp949", "gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030",
    "big5": "big5hkscs", "iso-8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "us-ascii": "ascii", "ansi": "cp1252",
    "unicode-1-1-utf-7": "utf-7", "utf8": "utf-8", "utf8mb4": "utf-8", "cp65001": "utf-8", "iso-8859-8-i": "iso-8859-8",
}  # fmt: skip
_NO_CHARSETS = {"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape", "mbcs", "oem"}
_HALF_SIGNS = re.compile(r"[\ud800-\udfff]")  # UTF-7 can make them; no database takes them
_MULTIBYTE = {"cp932", "euc_jp", "cp949", "gb18030", "big5hkscs"}
_SAMPLE_BYTES = 8_192
_JAPANESE_LETTERS = re.compile(r"[\u3041-\u30ff\u3000-\u3002\u4e00-\u9fff\uff01-\uff5e]")
_INSIDE_A_WORD = re.compile(r"[A-Za-z][\u4e00-\u9fff]{1,2}(?=[A-Za-z])")  # "Forma鈬o" was "Formação"
_UNLIKELY_LETTERS = re.compile(r"[\uff61-\uff9f\ue000-\uf8ff\x80-\x9f\ufffd\u0080-\u00ff]")


def decode_text(data: bytes, label: str = "") -> str:
    """The text, without NUL characters. `label` is the charset that the mail claims."""
    text = _decode(data, label.strip().strip("\"'").lower()).replace("\x00", "")
    return _HALF_SIGNS.sub("\ufffd", text)


def codec_of(label: str) -> str:
    """Python's name of a charset, "" when nobody knows it."""
    meant = _MEANT.get(label, label)
    try:
        name = codecs.lookup(meant).name if meant else ""
        b"a".decode(name or "ascii")  # "hex" and "zip" are codecs, too, but of no text
    except (LookupError, UnicodeError, ValueError):
        return ""
    return "" if name in _NO_CHARSETS else name


def _decode(data: bytes, label: str) -> str:
    if HAS_ESCAPES.search(data) and (_ISO_2022.fullmatch(label) or data.isascii()):
        return decode_iso_2022(data)
    if (
        data.isascii()
        and label not in {"utf-7", "unicode-1-1-utf-7"}
        and not label.startswith(("utf-16", "utf-32", "utf16"))
    ):
        return data.decode("ascii")
    codec = "" if _ISO_2022.fullmatch(label) else codec_of(label)
    if (utf_8 := _as_utf_8(data, codec)) is not None:
        return utf_8
    if codec and codec not in {"ascii", "utf-8"}:
        text = _strictly(data, codec)
        if text is not None and not (codec == "cp1252" and _is_rather_japanese(data)):
            return text
    return _guess(data, codec)


def _as_utf_8(data: bytes, codec: str) -> str | None:
    """Valid UTF-8 is UTF-8, whatever the label says; only a label of another multibyte charset needs more than two-byte signs."""
    text = _strictly(data, "utf-8-sig")
    if text is None or (codec in _MULTIBYTE and any("\x7f" < letter < "\u0800" for letter in text)):
        return None
    return text


def _guess(data: bytes, codec: str) -> str:
    best, score = "", 0.0
    for candidate in ("cp932", "euc_jp"):
        text = data.decode(candidate, "replace")
        if (points := _likeness_to_japanese(text[:_SAMPLE_BYTES])) > score:
            best, score = text, points
    if score > 0.3:
        return best
    if codec and codec != "ascii":
        return data.decode(codec, "replace")
    found = from_bytes(data[:_SAMPLE_BYTES]).best()
    return data.decode(found.encoding if found else "cp1252", "replace")


def _is_rather_japanese(data: bytes) -> bool:
    """Shift_JIS and EUC-JP under a Western label: nearly every eight-bit letter of it would be Japanese."""
    texts = (_strictly(data[:_SAMPLE_BYTES], codec) for codec in ("cp932", "euc_jp"))
    return any(_likeness_to_japanese(text) > 0.8 for text in texts if text)


def _likeness_to_japanese(text: str) -> float:
    """Between -1 and 1: how much of what is not ASCII is usual in Japanese."""
    foreign = [letter for letter in text if letter > "\x7f"]
    if not foreign:
        return 0.0
    joined = "".join(foreign)
    unlikely = len(_UNLIKELY_LETTERS.findall(joined)) + len(_INSIDE_A_WORD.findall(text))
    return (len(_JAPANESE_LETTERS.findall(joined)) - 2 * unlikely) / len(foreign)


def _strictly(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except (UnicodeError, ValueError, LookupError):
        return None
