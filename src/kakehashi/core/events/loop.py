"""The loop of a worker process: run the steps that a commit may concern whenever one wakes us, and all of them every few seconds."""

import json
import logging
import threading
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import psycopg
from django.db import OperationalError, close_old_connections

from .listening import listening_conninfo
from .log import CHANNEL
from .subscribers import Subscriber, read_once

logger = logging.getLogger(__name__)

_SWEEP_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Step:
    """A piece of work that `run` does in part; it answers True while more waits. Two workers may call it at once.

    `topics` are the events that concern it, None where any commit may.
    """

    name: str
    run: Callable[[], bool]
    topics: frozenset[str] | None = None

    def is_concerned(self, topics: Collection[str]) -> bool:
        return self.topics is None or not self.topics.isdisjoint(topics)


_steps: list[Step] = []
_topics: dict[str, list[str]] = {}


def topics_by_subscriber() -> Mapping[str, list[str]]:
    """What each subscriber listens to: only such events can make it late, since a quiet one does not move its cursor for others."""
    return _topics


def add_subscriber(subscriber: Subscriber) -> None:
    _topics[subscriber.name] = subscriber.topics
    add_step(Step(f"subscriber {subscriber.name}", lambda: read_once(subscriber), frozenset(subscriber.topics)))


def add_step(step: Step) -> None:
    """Register a step. Called by the wiring, once per process."""
    _steps.append(step)


def run_until_idle(*, rounds: int = 10_000) -> int:
    """Run all steps until none has more to do. Answers the number of rounds. A failing step is logged and does not stop the others."""
    for number in range(1, rounds + 1):
        waiting = [_run(step) for step in _steps]
        if not any(waiting):
            return number
    return rounds


def run_forever(stopped: threading.Event) -> None:
    """Work until `stopped`: listen for commits, sweep every two seconds for notices that were lost and for what no commit tells of."""
    while not stopped.is_set():
        try:
            _listen(stopped)
        except (psycopg.OperationalError, OperationalError) as failure:
            logger.warning(
                "The database is away (%s); trying again in %s s", str(failure).partition("\n")[0], _SWEEP_SECONDS
            )
            stopped.wait(_SWEEP_SECONDS)
            close_old_connections()


def _listen(stopped: threading.Event) -> None:
    with psycopg.connect(listening_conninfo(), autocommit=True) as listener:
        listener.execute(f"LISTEN {CHANNEL}")
        rounds = Rounds(listener)
        while not stopped.is_set():
            due = rounds.due()
            close_old_connections()
            rounds.waiting = [step for step in due if _run(step)]


@dataclass(slots=True)
class Rounds:
    """Says which steps are due: those that said that more waits, those that a commit concerns, and in every sweep all of them.

    A commit wakes also whom an earlier one since the last sweep concerned: what could not be read at that time, since an older transaction
    was still at work, may be readable now.
    """

    listener: psycopg.Connection
    waiting: Sequence[Step] = ()
    _heard: set[str] = field(default_factory=set)
    _sweep_at: float = 0.0

    def due(self) -> Sequence[Step]:
        """Waits for a commit where nothing else is to be done."""
        left = self._sweep_at - time.monotonic()
        if left <= 0:
            return self._everything()
        notices = [
            notice.payload for notice in self.listener.notifies(timeout=0 if self.waiting else left, stop_after=1)
        ]
        if not notices:
            return self.waiting or self._everything()
        if (topics := _topics_in(notices)) is None:
            return self._everything()
        self._heard |= topics
        return [step for step in _steps if step in self.waiting or step.is_concerned(self._heard)]

    def _everything(self) -> Sequence[Step]:
        self._sweep_at, self._heard = time.monotonic() + _SWEEP_SECONDS, set()
        return list(_steps)


def _topics_in(payloads: Iterable[str]) -> set[str] | None:
    """None where one does not say: then anything may have happened."""
    try:
        return {topic for payload in payloads for topic in json.loads(payload)["topics"]}
    except (ValueError, KeyError, TypeError):
        return None


def _run(step: Step) -> bool:
    try:
        return step.run()
    except OperationalError:
        raise
    except Exception:
        logger.exception("The step %r failed; it runs again at the next sweep", step.name)
        return False
