"""One server per data folder: a lock that the system itself gives up when its holder dies."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from kakehashi.assembly.refusal import Refusal

LOCK = "serve.lock"


@contextmanager
def owned(data: Path, address: str) -> Iterator[None]:
    """Hold the data folder. Raises `Refusal` naming the process and the address that hold it already."""
    with (data / LOCK).open("a+") as file:
        _take(file, data)
        file.seek(0)
        file.truncate()
        json.dump({"process": os.getpid(), "address": address}, file)
        file.flush()
        yield
        file.truncate(0)


def owner_of(data: Path) -> dict[str, str] | None:
    """Who serves this data folder now, if anybody."""
    try:
        with (data / LOCK).open("r") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return _read(file)
    except FileNotFoundError:
        pass
    return None


def _take(file: IO[str], data: Path) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        owner = _read(file)
        raise Refusal(
            f"Kakehashi is already running on {data}: process {owner['process']}, {owner['address']}.",
            f"Open that address, stop it with `kill {owner['process']}`, or set KAKEHASHI_DATA to another folder.",
        ) from None


def _read(file: IO[str]) -> dict[str, str]:
    file.seek(0)
    try:
        return {key: str(value) for key, value in json.load(file).items()}
    except ValueError:  # read between its lock and its writing
        return {"process": "unknown", "address": "starting"}
