"""Queries that every page asks and whose text is always the same: to write and to plan them takes longer than to answer them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, wraps
from inspect import get_annotations
from types import SimpleNamespace
from typing import Any, ParamSpec, TypeVar

from django.db import connection
from django.db.models import QuerySet

from .among import as_bigints
from .planning import planned_once

Asked = ParamSpec("Asked")
Row = TypeVar("Row")

# What stands for the n-th value while the text is written: nothing that a query of ours says itself, and within what a column holds.
_STAND_INS: dict[Any, Callable[[int], Any]] = {
    int: lambda place: 2_000_000_000 + place,
    str: lambda place: f"⟨{place}⟩",
    datetime: lambda place: datetime(1900, 1, 1 + place, tzinfo=UTC),
    Sequence[int]: lambda place: [2_000_000_000 + place],
}


def fixed_read(write: Callable[Asked, QuerySet[Any, Row]]) -> Callable[Asked, list[Row]]:
    """`write` says the query; what it becomes answers the rows. Django writes its text once in a process, and each connection plans it once.

    `write` may not look at its values, which are passed by their places, annotated as int, str, datetime or Sequence[int] (for `__among`,
    never empty). No `prefetch_related`. The rules of `planned_once` hold: rows found by ids, or by keys that few rows share.
    """
    statement = cache(lambda: _written(write))

    @wraps(write)
    def read(*values: Asked.args, **named: Asked.kwargs) -> list[Row]:
        if named:
            raise TypeError("values are passed by their places")
        rows: list[Row] = statement().ask(values)
        return rows

    return read


def first_row(rows: Iterable[Row]) -> Row | None:
    return next(iter(rows), None)


@dataclass(frozen=True, slots=True)
class _Statement:
    """`slots` has for each parameter of the text the place of its value, or None for one that is always the same."""

    queryset: Any
    compiler: Any
    sql: str
    parameters: tuple[Any, ...]
    slots: tuple[int | None, ...]

    def ask(self, values: tuple[Any, ...]) -> list[Any]:
        bound = [
            same if place is None else _bound(values[place])
            for place, same in zip(self.slots, self.parameters, strict=True)
        ]
        query = copy(self.queryset.query)
        query.get_compiler = lambda *_using, **_named: _Answering(self.compiler, self.sql, bound)
        asked = SimpleNamespace(
            query=query,
            db=self.queryset.db,
            model=self.queryset.model,
            _fields=self.queryset._fields,
            _known_related_objects={},
        )
        return list(self.queryset._iterable_class(asked))  # noqa: SLF001 - what Django makes the rows with


class _Answering:
    """Django's compiler after it has written the statement, as what makes objects of its rows asks it."""

    def __init__(self, compiler: Any, sql: str, parameters: Sequence[Any]) -> None:
        self.compiler, self.sql, self.parameters = compiler, sql, parameters
        self.select, self.klass_info = compiler.select, compiler.klass_info
        self.annotation_col_map = compiler.annotation_col_map

    def execute_sql(self, **_how: Any) -> Sequence[Sequence[Any]]:
        with planned_once(), connection.cursor() as cursor:
            cursor.execute(self.sql, self.parameters)
            return [cursor.fetchall()]

    def results_iter(self, results: Any = None, *, tuple_expected: bool = False, **_how: Any) -> Iterator[Any]:
        found = self.execute_sql() if results is None else results
        rows: Iterator[Any] = self.compiler.results_iter(found, tuple_expected=tuple_expected)
        return rows


def _bound(value: Any) -> Any:
    """As the statement takes it."""
    return value if isinstance(value, int | str | datetime) else as_bigints(value)


def _written(write: Callable[..., QuerySet[Any, Any]]) -> _Statement:
    kinds = [kind for name, kind in get_annotations(write, eval_str=True).items() if name != "return"]
    stand_ins = [_STAND_INS[kind](place) for place, kind in enumerate(kinds)]
    queryset: Any = write(*stand_ins)
    compiler = queryset.query.get_compiler(queryset.db)
    sql, parameters = compiler.as_sql()
    bound = [_bound(one) for one in stand_ins]
    slots = tuple(bound.index(one) if one in bound else None for one in parameters)
    if not set(range(len(kinds))) <= set(slots):
        raise TypeError("a value does not stand in the text as it was given")
    return _Statement(queryset, compiler, sql, tuple(parameters), slots)
