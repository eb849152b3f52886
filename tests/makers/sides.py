"""A Desk at the other end of the seam that does not answer, or takes its time."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from kakehashi.bridge.sides import directory
from kakehashi.bridge.sides.failures import SideIsAway


class Faults:
    """Names of the calls that fail just now; all others are answered, after `wait_seconds`."""

    def __init__(self) -> None:
        self.calls: set[str] = set()
        self.wait_seconds = 0.0

    def add(self, *calls: str) -> None:
        self.calls |= set(calls)

    def clear(self) -> None:
        self.calls.clear()
        self.wait_seconds = 0.0


class FailingDesk:
    """A Desk with faults."""

    def __init__(self, desk: Any, faults: Faults) -> None:
        self._desk, self._faults = desk, faults

    def __getattr__(self, name: str) -> Any:
        if name in self._faults.calls:
            raise SideIsAway
        if self._faults.wait_seconds:
            time.sleep(self._faults.wait_seconds)
        return getattr(self._desk, name)


@contextmanager
def failing_desk() -> Iterator[Faults]:
    """The Desk that pages of this process get has these faults meanwhile."""
    faults, sides = Faults(), directory._filled[0]
    directory.use_sides(replace(sides, desk=lambda portal_id: FailingDesk(sides.desk(portal_id), faults)))
    try:
        yield faults
    finally:
        directory.use_sides(sides)
