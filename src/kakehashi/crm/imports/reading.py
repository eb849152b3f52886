"""Rows of a spreadsheet file, one at a time, however long the file; a broken row costs only itself."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TextIO

from django.utils.translation import gettext_noop

from kakehashi.core.fields.reasons import Reason

from .cells import plain_cell

UNCLOSED_QUOTE = Reason(gettext_noop("A quotation mark is opened and never closed."))
_ROWS_FOR_WIDTH = 20
_LONGEST_ROW = 100_000
_LONGEST_CELL_LINES = 200  # a cell with more lines is a quotation mark that somebody forgot to close

csv.field_size_limit(1_000_000)


@dataclass(frozen=True, slots=True)
class Row:
    """`number` is what a spreadsheet shows at the left: the heading is row 1."""

    number: int
    cells: list[str]
    problem: Reason | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file is read. Without a heading its columns are only numbered."""

    path: Path
    encoding: str
    delimiter: str
    has_heading: bool = True

    @property
    def heading_rows(self) -> int:
        return 1 if self.has_heading else 0


def read_rows(layout: Layout, *, after: int = 0) -> Iterator[Row]:
    """All rows behind row `after`, the heading included. Letters that the encoding does not know become �."""
    with layout.path.open(encoding=layout.encoding, errors="replace", newline="") as file:
        for number, (text, problem) in enumerate(_logical_lines(file, layout.delimiter), start=1):
            if number > after:
                yield Row(number, _cells(text, layout.delimiter, problem), problem)


def read_heading(layout: Layout) -> list[str]:
    """The names of the columns, empty ones where nothing names them; as wide as the widest of the first rows."""
    first = list(islice(read_rows(layout), _ROWS_FOR_WIDTH))
    if not first:
        return []
    names = [plain_cell(cell.lstrip("\ufeff")) for cell in first[0].cells] if layout.has_heading else []
    width = len(names) if layout.has_heading else max(len(row.cells) for row in first)
    return names + [""] * (width - len(names))


def read_samples(layout: Layout, count: int) -> list[list[str]]:
    """The first rows of data."""
    return [[plain_cell(cell) for cell in row.cells] for row in islice(data_rows(layout), count)]


def data_rows(layout: Layout, *, after: int = 0) -> Iterator[Row]:
    """The rows below the heading, without the first `after` of them."""
    return read_rows(layout, after=after + layout.heading_rows)


def count_rows(layout: Layout) -> int:
    """Rows below the heading."""
    with layout.path.open(encoding=layout.encoding, errors="replace", newline="") as file:
        return max(0, sum(1 for _ in _logical_lines(file, layout.delimiter)) - layout.heading_rows)


def _cells(text: str, delimiter: str, problem: Reason | None) -> list[str]:
    if problem:
        return text.split(delimiter)
    try:
        return next(csv.reader([text], delimiter=delimiter), [])
    except csv.Error:
        return text.split(delimiter)


def _logical_lines(file: TextIO, delimiter: str) -> Iterator[tuple[str, Reason | None]]:
    """Lines, joined where a quoted cell goes on. If it never ends, its first line is broken and reading goes on with the second."""
    lines = _Lines(file)
    for line in lines:
        joined = _joined(line, lines, delimiter) if _is_open(line, delimiter) else line
        yield (line if joined is None else joined).rstrip("\r\n"), UNCLOSED_QUOTE if joined is None else None


def _joined(line: str, lines: "_Lines", delimiter: str) -> str | None:
    joined, taken = line, []
    for following in islice(lines, _LONGEST_CELL_LINES):
        taken.append(following)
        joined += following
        if not _is_open(joined, delimiter):
            return joined
        if len(joined) > _LONGEST_ROW:
            break
    lines.put_back(taken)
    return None


class _Lines:
    """Lines of a file, with a way to put some back."""

    def __init__(self, file: TextIO) -> None:
        self._file = iter(file)
        self._waiting: list[str] = []

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        return self._waiting.pop() if self._waiting else next(self._file)

    def put_back(self, lines: list[str]) -> None:
        self._waiting.extend(reversed(lines))


def _is_open(text: str, delimiter: str) -> bool:
    """Whether a quoted cell has no end yet. A quotation mark inside a cell that is not quoted (5" screen) means nothing."""
    if '"' not in text:
        return False
    at, length = 0, len(text)
    while at < length:
        if text[at] == '"':
            at = _end_of_quotes(text, at + 1)
            if at < 0:
                return True
        following = text.find(delimiter, at)
        if following < 0:
            return False
        at = following + 1
    return False


def _end_of_quotes(text: str, at: int) -> int:
    """The place behind the closing quotation mark, -1 if there is none."""
    while (at := text.find('"', at)) >= 0:
        if text[at + 1 : at + 2] != '"':
            return at + 1
        at += 2
    return -1
