"""Kills one process after the other, at random, without warning."""

import random
import signal
import threading
from collections import Counter

import psutil

from tests.assembly.product import command_of

from .installation import Installation

_KINDS = {"web.process": "web", "worker.main": "worker", "smtp.process": "mail listener"}
_PAUSE_SECONDS = (3.0, 7.0)
_SUPERVISOR = 0.04  # how often it is the one that all others die with


def kill_at_random(installation: Installation, seed: int, stopped: threading.Event) -> Counter[str]:
    """Until stopped. Answers how many of each kind."""
    chance, killed = random.Random(f"{seed} kill"), Counter[str]()
    while not stopped.wait(chance.uniform(*_PAUSE_SECONDS)):
        installation.keep_alive()
        if chance.random() < _SUPERVISOR:
            installation.product.kill()
            killed["supervisor, and all with it"] += 1
            continue
        if victim := _victim(installation, chance):
            killed[_kill(victim)] += 1
    installation.keep_alive()
    return killed


def _victim(installation: Installation, chance: random.Random) -> psutil.Process | None:
    """Kinds alike often, else the workers would have it worst. The web has a main process and those that answer."""
    kind = chance.choice(list(_KINDS))
    try:
        found = installation.product.descendants(kind)
    except psutil.Error:
        return None
    return chance.choice(found) if found else None


def _kill(victim: psutil.Process) -> str:
    command = command_of(victim)
    try:
        victim.send_signal(signal.SIGKILL)
    except psutil.Error:
        return "gone before"
    return next((name for words, name in _KINDS.items() if words in command), "gone before")
