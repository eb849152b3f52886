"""Records side by side, field by field, with a choice for each: what `ui/comparison/templates/form.html` shows, whichever product's they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from kakehashi.core.errors import Text


class Comparable(Protocol):
    """What a column needs of its record."""

    @property
    def pk(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def version(self) -> int: ...
    @property
    def created_at(self) -> datetime: ...


@dataclass(frozen=True, slots=True)
class Option:
    """A value that can be chosen. `key` is what the form sends; `column` is the name of the record it is from."""

    key: str
    text: str
    column: str
    is_chosen: bool
    is_filled: bool


@dataclass(frozen=True, slots=True)
class CompareRow:
    name: str
    label: Text
    options: Sequence[Option]
    extra: Option | None  # all values together, or an address that would be lost
    refusal: Text

    @property
    def differs(self) -> bool:
        """Where there is something to choose."""
        return self.extra is not None or bool(self.refusal) or len({option.text for option in self.options}) > 1

    @property
    def is_filled(self) -> bool:
        """Where there is something to show."""
        return self.extra is not None or bool(self.refusal) or any(option.is_filled for option in self.options)


@dataclass(frozen=True, slots=True)
class Column:
    record: Comparable
    url: str
    filled: int
    is_survivor: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    columns: Sequence[Column]
    rows: Sequence[CompareRow]  # where they differ
    same: Sequence[CompareRow]  # filled, and the same in all


def comparison_of(columns: Sequence[Column], rows: Sequence[CompareRow]) -> Comparison:
    filled = [row for row in rows if row.is_filled]
    return Comparison(columns, [row for row in filled if row.differs], [row for row in filled if not row.differs])
