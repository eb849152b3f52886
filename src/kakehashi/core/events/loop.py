"""The loop of a worker process: run every step whenever a commit wakes us, and every few seconds in any case."""

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import psycopg
from django.db import OperationalError, close_old_connections

from .listening import listening_conninfo
from .log import CHANNEL
from .subscribers import Subscriber, read_once

logger = logging.getLogger(__name__)

_SWEEP_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Step:
    """A piece of work that `run` does in part; it answers True while more waits. Two workers may call it at once."""

    name: str
    run: Callable[[], bool]


_steps: list[Step] = []
_topics: dict[str, list[str]] = {}


def topics_by_subscriber() -> Mapping[str, list[str]]:
    """What each subscriber listens to: only such events can make it late, since a quiet one does not move its cursor for others."""
    return _topics


def add_subscriber(subscriber: Subscriber) -> None:
    _topics[subscriber.name] = subscriber.topics
    add_step(Step(f"subscriber {subscriber.name}", lambda: read_once(subscriber)))


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
    """Work until `stopped`: listen for commits, sweep every two seconds for notices that were lost."""
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
        while not stopped.is_set():
            close_old_connections()
            run_until_idle()
            for _ in listener.notifies(timeout=_SWEEP_SECONDS, stop_after=1):
                pass


def _run(step: Step) -> bool:
    try:
        return step.run()
    except OperationalError:
        raise
    except Exception:
        logger.exception("The step %r failed; it runs again at the next sweep", step.name)
        return False
