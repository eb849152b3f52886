"""Runs the real commands in processes of their own, as a person would, on a data folder and a database of one test."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import httpx
import psutil

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 300
T = TypeVar("T")


def environment(data: Path, database_url: str = "", **more: str) -> dict[str, str]:
    """Nothing of the tests' own settings; the embedded PostgreSQL unless another one is given."""
    ours = {
        name: value for name, value in os.environ.items() if not name.startswith(("KAKEHASHI_", "DATABASE_", "DJANGO_"))
    }
    paths = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    named = {"DATABASE_URL": database_url} if database_url else {}
    return {**ours, "PYTHONPATH": paths, "KAKEHASHI_DATA": str(data), "LC_ALL": "C.UTF-8", **named, **more}


def run(
    env: dict[str, str], *words: str, typed: str | None = None, seconds: float = PATIENCE_SECONDS
) -> subprocess.CompletedProcess[str]:
    """One command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "kakehashi", *words],
        env=env,
        capture_output=True,
        text=True,
        input=typed,
        timeout=seconds,
        check=False,
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(question: Callable[[], T], seconds: float = PATIENCE_SECONDS) -> T:
    """The first true answer."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if answer := question():
            return answer
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds} s")


def command_of(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:  # it has just ended
        return "ended"


class Product:
    """`kakehashi serve`."""

    def __init__(self, env: dict[str, str], *words: str, port: int = 0) -> None:
        self.port = port or free_port()
        self.env = env
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, "-m", "kakehashi", "serve", "--port", str(self.port), *words],
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
        )
        threading.Thread(target=self._hear, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def wait_until_ready(self) -> "Product":
        wait_for(lambda: self.says("is ready") or self.process.poll() is not None)
        assert self.process.poll() is None, "\n".join(self.lines)
        return self

    def says(self, words: str) -> bool:
        return any(words in line for line in self.lines)

    def get(self, path: str, **options: Any) -> httpx.Response:
        return httpx.get(self.address + path, timeout=20, **options)

    def is_healthy(self) -> bool:
        try:
            return self.get("/healthz").status_code == 200
        except httpx.HTTPError:
            return False

    def descendants(self, words: str = "") -> list[psutil.Process]:
        """Web and worker processes, by a word of their command line."""
        found = psutil.Process(self.process.pid).children(recursive=True)
        return [process for process in found if words in command_of(process)]

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(PATIENCE_SECONDS)

    def stop(self) -> int:
        if self.process.poll() is None:
            self.process.terminate()
        return self.process.wait(PATIENCE_SECONDS)

    def _hear(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.append(line.rstrip())
