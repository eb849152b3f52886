"""`kakehashi serve`: one process that starts the others, keeps them running, and stops them in order."""

import asyncio
import json
import logging
import os
import signal
import subprocess
import sys
import urllib.request
from contextlib import ExitStack
from dataclasses import dataclass

from kakehashi.assembly.environment import data_folder, embedded_cluster
from kakehashi.assembly.metrics.sharing import share_counts
from kakehashi.assembly.postgres.cluster import Cluster
from kakehashi.assembly.refusal import Refusal
from kakehashi.assembly.smtp.run import LISTEN, place_of

from .children import Child, start_process
from .data_folder import require_writable
from .ownership import owned
from .port import require_free

logger = logging.getLogger(__name__)

_WATCH_SECONDS = 2.0
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


@dataclass(frozen=True, slots=True)
class Service:
    """What to serve, and where."""

    host: str
    port: int
    web_processes: int
    workers: int

    @property
    def address(self) -> str:
        """As one would type it into a browser on this machine."""
        host = "127.0.0.1" if self.host in {"0.0.0.0", "::", ""} else self.host  # noqa: S104 - compared, not bound
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"


def serve(service: Service) -> None:
    """Until SIGTERM, SIGINT or SIGHUP. Raises `Refusal` when it cannot start."""
    data = data_folder()
    os.environ["KAKEHASHI_DATA"] = str(data)
    os.environ.setdefault("KAKEHASHI_URL", service.address)
    require_writable(data)
    with ExitStack() as held:
        held.enter_context(owned(data, service.address))
        require_free(service.host, service.port)
        share_counts(data)
        if mail := os.environ.get(LISTEN):
            require_free(*place_of(mail))
        cluster = embedded_cluster()
        if cluster:
            held.enter_context(cluster.in_use())
        asyncio.run(_supervise(service, cluster))
    print("Stopped. Everything is saved.", flush=True)


async def _supervise(service: Service, cluster: Cluster | None) -> None:
    stopped = _listen_for_signals()
    sign_in = await _prepare(stopped)
    if stopped.is_set():
        return
    children = _children(service)
    running = [asyncio.create_task(child.keep_running()) for child in children]
    running.append(asyncio.create_task(_announce(service, sign_in)))
    if cluster:
        running.append(asyncio.create_task(_keep_cluster_running(cluster)))
    await stopped.wait()
    print("Stopping …", flush=True)
    await asyncio.gather(*(child.stop() for child in children))
    for task in running:
        task.cancel()


def _listen_for_signals() -> asyncio.Event:
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    return stopped


def _children(service: Service) -> list[Child]:
    here = "kakehashi.assembly"
    place = [service.host, str(service.port), str(service.web_processes)]
    workers = [Child(f"worker {number}", f"{here}.worker.main") for number in range(1, service.workers + 1)]
    listener = [Child("mail listener", f"{here}.smtp.process")] if os.environ.get(LISTEN) else []
    return [Child("web", f"{here}.web.process", *place), *workers, *listener]


async def _prepare(stopped: asyncio.Event) -> list[str]:
    """Tables, static files, demo data. It says itself why it failed; we end with its exit code."""
    process = await start_process(sys.executable, "-m", "kakehashi.assembly.serve.prepare", stdout=subprocess.PIPE)
    answer, interrupted = asyncio.create_task(process.communicate()), asyncio.create_task(stopped.wait())
    await asyncio.wait([answer, interrupted], return_when=asyncio.FIRST_COMPLETED)
    if stopped.is_set():
        process.terminate()
    output, _ = await answer
    interrupted.cancel()
    if process.returncode != 0 and not stopped.is_set():
        raise SystemExit(process.returncode)
    return json.loads(output) if output and not stopped.is_set() else []


async def _announce(service: Service, sign_in: list[str]) -> None:
    while not await asyncio.to_thread(_answers, service):
        await asyncio.sleep(0.1)
    lines = [f"Kakehashi is ready: {service.address}", *sign_in]
    if service.host not in _LOOPBACK and not os.environ.get("KAKEHASHI_HOSTS"):
        lines.append(
            "Other machines are refused until KAKEHASHI_HOSTS names what they call this one: KAKEHASHI_HOSTS=crm.example.com"
        )
    print("\n".join(["", *(f"  {line}" for line in [*lines, "Ctrl-C stops it."]), ""]), flush=True)


def _answers(service: Service) -> bool:
    try:
        with urllib.request.urlopen(f"{service.address}/healthz", timeout=5) as answer:  # noqa: S310 - our own address
            return bool(answer.status == 200)
    except OSError:
        return False


async def _keep_cluster_running(cluster: Cluster) -> None:
    while True:
        await asyncio.sleep(_WATCH_SECONDS)
        if cluster.is_running():
            continue
        logger.error("The embedded PostgreSQL ended unasked; starting it again")
        try:
            await asyncio.to_thread(cluster.start)
        except (Refusal, OSError) as failure:
            logger.error("%s", failure)  # noqa: TRY400 - the sentence says it all
