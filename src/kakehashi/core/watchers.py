"""Work that goes on as long as a worker lives: waiting on a line to somebody else's server."""

import threading
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Watcher:
    """`run` returns soon after the event is set. Every worker runs it: whoever must be alone takes a claim."""

    name: str
    run: Callable[[threading.Event], None]


WATCHERS: list[Watcher] = []
