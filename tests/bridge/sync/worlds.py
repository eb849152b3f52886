"""A small world for histories: an org and a portal whose people work while the sync runs, dies and starts again."""

from collections.abc import Callable
from typing import Any

from kakehashi.bridge.sides.embedded.crm import EmbeddedCrm
from kakehashi.bridge.sides.embedded.desk import EmbeddedDesk
from kakehashi.bridge.sync import ending, reconciling, step


class Killed(BaseException):
    """The process is gone."""


def die() -> None:
    raise Killed


class Bomb:
    """Counts the points at which something may happen to a process; 0 means: never. It dies there, unless another `deed` is set."""

    def __init__(self) -> None:
        self.left = 0
        self.deed: Callable[[], None] = die

    def tick(self) -> None:
        if self.left:
            self.left -= 1
            if not self.left:
                self.deed()

    def around(self, work: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            self.tick()
            answer = work(*args, **kwargs)
            self.tick()
            return answer

        return call

    def plant(self, monkeypatch: Any) -> None:
        """Before and after every write on either side, every save of the sync's own, and every journal that goes ahead of a write."""
        for side in (EmbeddedDesk, EmbeddedCrm):
            for name in ("ensure", "patch", "remove", "restore"):
                monkeypatch.setattr(side, name, self.around(getattr(side, name)))
        monkeypatch.setattr(step, "save", self.around(step.save))
        monkeypatch.setattr(ending, "_announce", self.around(ending._announce))
        monkeypatch.setattr(reconciling, "_journal_losers", self.around(reconciling._journal_losers))

    def disarm(self) -> None:
        self.left, self.deed = 0, die
