"""A child process that is kept running: when it dies it is started again, soon at first, then at longer intervals."""

import asyncio
import contextlib
import logging
import signal
import sys
import time

from .lifeline import environment_of_child

logger = logging.getLogger(__name__)

_LONGEST_PAUSE_SECONDS = 30.0
_HEALTHY_AFTER_SECONDS = 10.0
_STOP_SECONDS = 12.0


class Child:
    """One process of ours, by the Python module that it runs."""

    def __init__(self, name: str, module: str, *arguments: str) -> None:
        self.name = name
        self.process: asyncio.subprocess.Process | None = None
        self._command = [sys.executable, "-m", module, *arguments]
        self._is_stopping = False

    async def keep_running(self) -> None:
        """Until `stop`. Must run in the main thread: the child dies with the thread that started it."""
        pause = 0.5
        while not self._is_stopping:
            started = time.monotonic()
            self.process = await start_process(*self._command)
            code = await self.process.wait()
            if self._is_stopping:
                return
            pause = (
                0.5 if time.monotonic() - started > _HEALTHY_AFTER_SECONDS else min(pause * 2, _LONGEST_PAUSE_SECONDS)
            )
            logger.error("The %s process ended unasked (%s); starting it again in %.0f s", self.name, _how(code), pause)
            await asyncio.sleep(pause)

    async def stop(self) -> None:
        """Ask it to end its work, and end it when it does not."""
        self._is_stopping = True
        if self.process is None or self.process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            self.process.terminate()
        try:
            await asyncio.wait_for(self.process.wait(), _STOP_SECONDS)
        except TimeoutError:
            logger.warning("The %s process did not stop within %.0f s and was killed", self.name, _STOP_SECONDS)
            with contextlib.suppress(ProcessLookupError):
                self.process.kill()
            await self.process.wait()


async def start_process(*command: str, stdout: int | None = None) -> asyncio.subprocess.Process:
    """In a session of its own, so that Ctrl-C reaches the supervisor alone, which then stops everybody in order."""
    return await asyncio.create_subprocess_exec(
        *command, stdin=asyncio.subprocess.DEVNULL, stdout=stdout, env=environment_of_child(), start_new_session=True
    )


def _how(code: int) -> str:
    return f"by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
