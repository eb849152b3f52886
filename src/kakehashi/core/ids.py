"""Ids as browsers send them. Anything may come; what no column can hold is nobody's id."""

from collections.abc import Iterable

_MOST_DIGITS = 18  # surely a bigint
_MOST_DIGITS_OF_VERSIONS = 9  # surely an integer


def is_id(text: str) -> bool:
    return text.isdecimal() and len(text) <= _MOST_DIGITS


def id_in(text: str | None) -> int | None:
    return int(text) if text and is_id(text) else None


def ids_in(texts: Iterable[str]) -> list[int]:
    """Those among the texts, each once, in their order."""
    return list(dict.fromkeys(int(text) for text in texts if is_id(text)))


def version_in(text: str) -> int:
    """The version of a record that a form was opened with; 0, which never fits, where it names none."""
    return int(text) if text.isdecimal() and len(text) <= _MOST_DIGITS_OF_VERSIONS else 0
