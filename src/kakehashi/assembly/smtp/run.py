"""The process that listens for forwarded mail."""

import asyncio
import logging
import os
import signal

import django

from kakehashi.assembly.refusal import Refusal

logger = logging.getLogger(__name__)

LISTEN = "KAKEHASHI_SMTP_LISTEN"


def place_of(text: str) -> tuple[str, int]:
    """host:port, or :port for all addresses of this machine. Raises `Refusal`."""
    host, _, port = text.strip().rpartition(":")
    if not port.isdecimal() or not 0 < int(port) < 65_536:
        raise Refusal(f"{text!r} is no place to listen.", f"Say host:port, for instance {LISTEN}=127.0.0.1:2525.")
    return host.strip("[]"), int(port)


def run_smtp(host: str, port: int) -> None:
    """Until SIGTERM or SIGINT. Raises `Refusal` when nothing can listen there."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kakehashi.assembly.settings")
    django.setup()
    asyncio.run(_run(host, port))


async def _run(host: str, port: int) -> None:
    from kakehashi.desk.intake.smtp import listen

    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    try:
        server = await listen(
            host,
            port,
            certificate=os.environ.get("KAKEHASHI_SMTP_CERTIFICATE", ""),
            key=os.environ.get("KAKEHASHI_SMTP_KEY", ""),
        )
    except OSError as failure:
        raise Refusal(
            f"Nothing can listen on {host or '*'} port {port} ({failure.strerror}).", "Choose another place."
        ) from None
    logger.info("Listening for forwarded mail on %s port %s", host or "*", port)
    async with server:
        await stop.wait()
