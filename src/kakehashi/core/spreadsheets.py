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
