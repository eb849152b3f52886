"""In which letters, and with which separator, a spreadsheet was saved. Pure but for reading the file."""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from kakehashi.core.errors import Text

_CHUNK_BYTES = 256 * 1024
_SAMPLE_CHARACTERS = 64_000
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_CANDIDATES = ("utf-8", "cp932", "euc_jp")
_DELIMITERS = (",", "\t", ";")
_BEGINNINGS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b")
_WORKBOOK = _("This is an Excel or other workbook. Open it and save it as CSV, then choose that file.")
_NO_TEXT = _("This file holds no text. Save your table as CSV and choose that file.")
_EMPTY = _("This file is empty.")
_PERIOD = re.compile(r"\d{1,4}(?:年|月|年度|期)?")  # columns are called 2026年 and 4月, too
_HAS_DATA = re.compile(r"@|^[\d\-+()/.,:¥￥年月日\s]*\d[\d\-+()/.,:¥￥円年月日\s]*$")


def refusal_of(path: Path) -> Text:
    """Why this cannot be a table of text, "" if it can."""
    with path.open("rb") as file:
        beginning = file.read(_CHUNK_BYTES)
    if not beginning.strip(b"\x00\t\r\n \xef\xbb\xbf"):
        return _EMPTY
    if beginning.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return _WORKBOOK
    if beginning.startswith(_BEGINNINGS) or (b"\x00" in beginning and not _utf16_of(beginning)):
        return _NO_TEXT
    return ""


def looks_like_heading(first: Sequence[str], second: Sequence[str]) -> bool:
    """A first row names its columns unless it holds addresses, dates or numbers where the second one does, too."""
    if any("@" in cell for cell in first):
        return False
    numbers = [place for place, cell in enumerate(first) if _has_data(cell.strip())]
    return not any(place < len(second) and _HAS_DATA.search(second[place].strip()) for place in numbers)


def _has_data(cell: str) -> bool:
    return bool(cell and _HAS_DATA.search(cell)) and not _PERIOD.fullmatch(cell)


def detect_encoding(path: Path) -> str:
    """UTF-8 with or without BOM, UTF-16 ("Unicode text" of Excel), ISO-2022-JP, Shift_JIS as Windows writes it, EUC-JP; else Windows Latin.

    The whole file is tried: the first Japanese letter may come late, and a wrong guess would turn names into rubbish.
    """
    with path.open("rb") as file:
        beginning = file.read(_CHUNK_BYTES)
    for bom, encoding in _BOMS:
        if beginning.startswith(bom):
            return encoding
    if encoding := _utf16_of(beginning):
        return encoding
    if b"\x1b$" in beginning and _is_readable(path, "iso2022_jp_ext"):
        return "iso2022_jp_ext"
    readable = [encoding for encoding in _CANDIDATES if _is_readable(path, encoding)]
    if not readable:
        return "cp1252"
    if readable[0] == "utf-8":
        return "utf-8"
    return min(readable, key=lambda encoding: _oddness(beginning, encoding))


def detect_delimiter(path: Path, encoding: str) -> str:
    """The separator that gives the same, largest number of columns most often."""
    sample = _sample(path, encoding)
    return max(_DELIMITERS, key=lambda delimiter: _columns(sample, delimiter))


def _utf16_of(beginning: bytes) -> str:
    """UTF-16 without its mark shows by zero bytes in every other place: separators and line ends have them in any language."""
    if beginning.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    for encoding, places in (("utf-16-le", beginning[1::2]), ("utf-16-be", beginning[0::2])):
        others = beginning[0::2] if encoding == "utf-16-le" else beginning[1::2]
        if b"\x00" in places and b"\x00" not in others:
            return encoding
    return ""


def _is_readable(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for chunk in _chunks(path):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        yield from iter(lambda: file.read(_CHUNK_BYTES), b"")


def _oddness(beginning: bytes, encoding: str) -> int:
    """Text read with the wrong one of the Japanese encodings is full of half-width katakana and rare letters."""
    text = beginning.decode(encoding, errors="ignore")
    return sum(1 for letter in text if "\uff61" <= letter <= "\uff9f" or "\ue000" <= letter <= "\uf8ff")


def _sample(path: Path, encoding: str) -> str:
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        return file.read(_SAMPLE_CHARACTERS)


def _columns(sample: str, delimiter: str) -> tuple[int, int]:
    """(rows that agree on a number of columns above one, that number)."""
    try:
        widths = [len(row) for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter) if row]
    except csv.Error:
        return (0, 0)
    counts = Counter(width for width in widths if width > 1)
    if not counts:
        return (0, 1)
    width, agreeing = counts.most_common(1)[0]
    return (agreeing * width, width)
