"""Lines of CSV files that people open in a spreadsheet program."""

import csv
import io
from collections.abc import Sequence

BYTE_ORDER_MARK = "\ufeff"  # first in the file, so that Excel reads it as UTF-8


def csv_lines(rows: Sequence[Sequence[str]]) -> str:
    """Rows as text, each cell harmless, each line with its end."""
    lines = io.StringIO()
    csv.writer(lines).writerows([harmless(cell) for cell in row] for row in rows)
    return lines.getvalue()


def harmless(cell: str) -> str:
    """A cell that begins like a formula would be run by a spreadsheet program; a number with a sign is none."""
    is_formula = cell[:1] in "=@\t\r" or (
        cell[:1] in "+-" and not cell[1:].replace(" ", "").replace("-", "").replace(".", "", 1).isdigit()
    )
    return f"'{cell}" if cell and is_formula else cell


ENCODINGS = ("utf-8", "cp932")  # for everything of today, and Shift_JIS for older Japanese software


def encoded(rows: Sequence[Sequence[str]], encoding: str) -> bytes:
    """Rows as bytes of a file; letters that the encoding lacks become "?"."""
    text = csv_lines(rows)
    return text.encode() if encoding == "utf-8" else text.translate(_FOR_MICROSOFT).encode("cp932", errors="replace")


def file_mark(encoding: str) -> bytes:
    """What stands first in a file of this encoding."""
    return BYTE_ORDER_MARK.encode() if encoding == "utf-8" else b""


# Letters that mean the same but stand elsewhere in Microsoft's table are moved there first.
_FOR_MICROSOFT = str.maketrans({"〜": "～", "−": "－", "—": "―", "‖": "∥", "¢": "￠", "£": "￡", "¬": "￢"})
