"""In which letters, and with which separator, a spreadsheet was saved. Pure but for reading the file."""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

_CHUNK_BYTES = 256 * 1024
_SAMPLE_CHARACTERS = 64_000
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_CANDIDATES = ("utf-8", "cp932", "euc_jp")
_DELIMITERS = (",", "\t", ";")


def detect_encoding(path: Path) -> str:
    """UTF-8 with or without BOM, UTF-16 ("Unicode text" of Excel), ISO-2022-JP, Shift_JIS as Windows writes it, EUC-JP; else Windows Latin.

    The whole file is tried: the first Japanese letter may come late, and a wrong guess would turn names into rubbish.
    """
    with path.open("rb") as file:
        beginning = file.read(_CHUNK_BYTES)
    for bom, encoding in _BOMS:
        if beginning.startswith(bom):
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
