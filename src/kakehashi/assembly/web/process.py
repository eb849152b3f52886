"""The web process: granian in front of the ASGI application. Started by the supervisor."""

import gc
import multiprocessing
import os
import signal
import sys
from types import FrameType
from typing import Any

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from kakehashi.assembly.live.hub import END_STREAMS
from kakehashi.assembly.serve.lifeline import die_with_parent

_KILL_SECONDS = 8


def application() -> Any:
    """Called in each of granian's own processes."""
    os.environ["KAKEHASHI_PARENT"] = str(os.getppid())
    die_with_parent()
    from kakehashi.assembly.web.front import application as front

    _settle()
    return front


def _settle() -> None:
    """Brings in every page's code, which is never garbage: the collector need not look through it during a request."""
    from django.urls import get_resolver

    get_resolver().url_patterns  # noqa: B018 - imports what it names
    gc.collect()
    gc.freeze()


def main(host: str, port: int, processes: int) -> None:
    server = Server(
        "kakehashi.assembly.web.process:application",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        workers=processes,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=_KILL_SECONDS,
        log_level=LogLevels.warning,
    )
    server.on_startup(_end_streams_first)
    server.serve()


def _end_streams_first() -> None:
    """Puts our word to the server's own processes before granian's."""
    stop = signal.getsignal(signal.SIGTERM)

    def end_streams_and_stop(number: int, frame: FrameType | None) -> None:
        for process in multiprocessing.active_children():
            if process.pid:
                os.kill(process.pid, END_STREAMS)
        if callable(stop):
            stop(number, frame)

    signal.signal(signal.SIGTERM, end_streams_and_stop)


if __name__ == "__main__":
    die_with_parent()
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
