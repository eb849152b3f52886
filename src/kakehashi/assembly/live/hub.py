"""Who hears what: the open streams of this process, by tenant."""

import asyncio
import signal
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from kakehashi.core import clock

# To a web process: let every page go, since the server waits for open answers before it stops.
END_STREAMS = signal.SIGUSR1
_MOST_SUBJECTS = 200
_MOST_ENDED = 10_000
_OLDEST_TOKEN_SECONDS = 13 * 60 * 60
_MOST_REMEMBERED = 2_000
_READING_SECONDS = 2.0  # what a page shows was read before it got its right to hear


class Stream:
    """What one page has not been told yet. A slow reader costs a bounded set: beyond it, it is told that anything may have changed."""

    def __init__(self) -> None:
        self._subjects: set[str] = set()
        self._is_anything = False
        self._wakes = asyncio.Event()
        self.is_closed = False

    def add(self, subjects: Iterable[str]) -> None:
        """No subject at all stands for any."""
        self._subjects.update(new := list(subjects))
        if not new or len(self._subjects) > _MOST_SUBJECTS:
            self._is_anything = True
            self._subjects.clear()
        self._wakes.set()

    def close(self) -> None:
        self.is_closed = True
        self._wakes.set()

    async def wait(self, seconds: float) -> bool:
        """True when there is something to tell, False after that time without."""
        try:
            await asyncio.wait_for(self._wakes.wait(), seconds)
        except TimeoutError:
            return False
        return True

    def take(self) -> list[str]:
        """The subjects since the last time; none when it could be any."""
        subjects = [] if self._is_anything else sorted(self._subjects)
        self._subjects.clear()
        self._is_anything = False
        self._wakes.clear()
        return subjects


class Hub:
    """Used by one event loop only, so it needs no locks."""

    def __init__(self) -> None:
        self._streams: dict[str, set[Stream]] = {}
        self._ended: dict[str, float] = {}  # key -> when the right ended, in seconds of the epoch
        self._recent: deque[tuple[float, str, tuple[str, ...]]] = deque()  # when, tenant, subjects
        self._remembers_since = _now()

    @contextmanager
    def joined(self, tenants: Iterable[str], keys: Iterable[str] = (), *, since: float) -> Iterator[Stream]:
        """A stream that hears these tenants for as long as the block lasts, or until one of the keys ends; first of all what was said since
        the page was made, in seconds of the epoch: it opens its stream only once it is there.
        """
        tenants = list(tenants)
        stream, heard = Stream(), [*tenants, *keys]
        self._catch_up(stream, tenants, since - _READING_SECONDS)
        for tenant in heard:
            self._streams.setdefault(tenant, set()).add(stream)
        try:
            yield stream
        finally:
            for tenant in heard:
                self._streams[tenant].discard(stream)
                if not self._streams[tenant]:
                    del self._streams[tenant]

    def publish(self, tenant: str, subjects: list[str]) -> None:
        self._recent.append((_now(), tenant, tuple(subjects)))
        if len(self._recent) > _MOST_REMEMBERED:
            self._remembers_since = self._recent.popleft()[0]
        for stream in self._streams.get(tenant, ()):
            stream.add(subjects)

    def end(self, key: str, at: float) -> None:
        """Close what was opened for a key (`core.hearing`), and let nothing from before in again."""
        self._ended[key] = max(at, self._ended.get(key, at))
        if len(self._ended) > _MOST_ENDED:
            self._ended = {one: when for one, when in self._ended.items() if when > at - _OLDEST_TOKEN_SECONDS}
        for stream in self._streams.get(key, ()):
            stream.close()

    def has_ended(self, keys: Iterable[str], given_at: float) -> bool:
        """Whether a right that was given then is over."""
        return any(given_at <= self._ended.get(key, -1.0) for key in keys)

    def _catch_up(self, stream: Stream, tenants: Iterable[str], since: float) -> None:
        if since < self._remembers_since:
            stream.add([])
        for at, tenant, subjects in self._recent:
            if at >= since and tenant in tenants:
                stream.add(subjects)

    def resync(self) -> None:
        """Notices may have been lost: everybody looks again."""
        self._recent.clear()
        self._remembers_since = _now()
        for stream in self._all():
            stream.add([])

    def close(self) -> None:
        for stream in self._all():
            stream.close()

    def count(self) -> int:
        return len(self._all())

    def _all(self) -> set[Stream]:
        return set().union(*self._streams.values())


def _now() -> float:
    return clock.now().timestamp()
