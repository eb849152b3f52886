"""A child process must not outlive the one that started it, however that one ends."""

import ctypes
import os
import signal
import sys
import threading
import time

PARENT = "KAKEHASHI_PARENT"
_SET_PARENT_DEATH_SIGNAL = 1  # prctl(2)


def environment_of_child() -> dict[str, str]:
    """The environment that lets a child watch for our death."""
    return {**os.environ, PARENT: str(os.getpid())}


def die_with_parent() -> None:
    """Called first thing in a child. Without effect in a process that nobody of ours started."""
    parent = os.environ.get(PARENT)
    if not parent:
        return
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGKILL)
    else:
        threading.Thread(target=_watch, args=[int(parent)], daemon=True, name="lifeline").start()
    if os.getppid() != int(parent):  # it died before we could ask to be told
        os._exit(1)


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)
