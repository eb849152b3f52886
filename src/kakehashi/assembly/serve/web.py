"""The web process: granian in front of the ASGI application. Started by the supervisor."""

import os
import sys
from typing import Any

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from kakehashi.assembly.serve.lifeline import die_with_parent

_KILL_SECONDS = 8


def application() -> Any:
    """Called in each of granian's own processes."""
    os.environ["KAKEHASHI_PARENT"] = str(os.getppid())
    die_with_parent()
    from kakehashi.assembly.asgi import application as front

    return front


def main(host: str, port: int, processes: int) -> None:
    Server(
        "kakehashi.assembly.serve.web:application",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        workers=processes,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=_KILL_SECONDS,
        log_level=LogLevels.warning,
    ).serve()


if __name__ == "__main__":
    die_with_parent()
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
