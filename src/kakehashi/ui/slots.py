"""Slots: places that a lower floor leaves open and that `assembly/wiring.py` fills from above."""

from collections.abc import Iterator
from typing import Generic, TypeVar

Item = TypeVar("Item")


class Slot(Generic[Item]):
    """An ordered list of contributions. The owner of the slot says what type an item has and what it must answer."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._items: list[tuple[int, Item]] = []

    def add(self, item: Item, *, order: int = 100) -> None:
        self._items.append((order, item))
        self._items.sort(key=lambda pair: pair[0])

    def __iter__(self) -> Iterator[Item]:
        return iter([item for _, item in self._items])

    def __len__(self) -> int:
        return len(self._items)

    def clear(self) -> None:
        self._items.clear()
