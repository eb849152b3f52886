"""Handing over all that belongs to a record, whatever kinds of belongings there are."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from .slots import RECORD_BELONGINGS

Handed = tuple[str, Any]  # kind of belongings, what it says it moved


def hand_over(from_id: int, to_id: int, *, only: Collection[str] | None = None) -> Iterator[Handed]:
    """Move the belongings of one record to another; with `only`, these kinds. Inside a transaction."""
    for kind in RECORD_BELONGINGS:
        if only is not None and kind.key not in only:
            continue
        if moved := kind.move(from_id, to_id):
            yield kind.key, moved


def never_offered() -> list[str]:
    """The kinds that go along without being asked for."""
    return [kind.key for kind in RECORD_BELONGINGS if not kind.is_offered]


def hand_back(handed: Iterable[Handed], from_id: int, to_id: int) -> None:
    """Undo `hand_over(from_id, to_id)`, as far as it is still there."""
    kinds = {kind.key: kind for kind in RECORD_BELONGINGS}
    for key, moved in handed:
        if key in kinds:
            kinds[key].give_back(moved, from_id, to_id)


def count_belongings(record_ids: Sequence[int]) -> int:
    return sum(kind.count(record_ids) for kind in RECORD_BELONGINGS)


def erase_belongings(record_ids: Sequence[int]) -> None:
    for kind in RECORD_BELONGINGS:
        kind.erase(record_ids)
