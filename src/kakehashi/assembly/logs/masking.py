"""Words of failures without the values in them: databases and parsers like to quote what they were given."""

import re
import traceback
from types import TracebackType

_QUOTED = re.compile(r"'[^'\n]*'|\"[^\"\n]*\"|“[^”\n]*”|「[^」\n]*」")
_ADDRESS = re.compile(r"[^\s<>@]+@[^\s<>@]+")
_NUMBER = re.compile(r"\+?\d[\d\s().-]{5,}\d")


def masked(text: str) -> str:
    """The first line, without what stands in quotation marks, mail addresses and long numbers."""
    first = text.strip().partition("\n")[0]
    for pattern in (_QUOTED, _ADDRESS, _NUMBER):
        first = pattern.sub("…", first)
    return first[:300]


def words_of(failure: BaseException) -> str:
    return f"{type(failure).__name__}: {masked(str(failure))}".rstrip(": ")


def places_of(trace: TracebackType | None) -> list[str]:
    """Where it happened, the innermost last."""
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]
