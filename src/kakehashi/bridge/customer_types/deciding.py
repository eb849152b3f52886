"""In which column a ticket stands. Pure: what the CRM knows of its customer comes in as values."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol


class Column(Protocol):
    """What is asked of a column of the board."""

    @property
    def pk(self) -> int: ...

    @property
    def about(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Known:
    """The records of the CRM that belong to a customer, by module."""

    records: Mapping[str, frozenset[int]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return any(self.records.values())

    @property
    def ids(self) -> frozenset[int]:
        return frozenset().union(*self.records.values())


def column_of(columns: Sequence[Column], known: Known, fitting: Mapping[int, Collection[int]]) -> int | None:
    """The first column, in the order given, that the customer fits; `fitting` are the records that each one's conditions find."""
    for column in columns:
        if column.about == "rest" or (column.about == "known" and known):
            return column.pk
        if not known.records.get(column.about, frozenset()).isdisjoint(fitting.get(column.pk, ())):
            return column.pk
    return None
