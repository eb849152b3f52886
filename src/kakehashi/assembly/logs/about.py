"""What a line in the log is about: a request or a job. Set around the work, read when a line is written."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

About = Mapping[str, Any]

_about: ContextVar[Callable[[], About] | None] = ContextVar("log_about", default=None)


@contextmanager
def about(tell: Callable[[], About]) -> Iterator[None]:
    """`tell` is asked for each line, since who a request belongs to is known only on its way."""
    token = _about.set(tell)
    try:
        yield
    finally:
        _about.reset(token)


def told() -> About:
    tell = _about.get()
    return tell() if tell else {}
