"""The one connection of a web process that hears commits (LISTEN) and hands them to the hub."""

import asyncio
import json
import logging

import psycopg

from kakehashi.assembly.metrics.counters import NOTICES
from kakehashi.core.events.log import CHANNEL

from .hub import Hub

logger = logging.getLogger(__name__)

_CHECK_SECONDS = 30.0
_LONGEST_PAUSE_SECONDS = 10.0
SESSION = "kakehashi live"  # what pg_stat_activity calls the connection


async def hear_notices(hub: Hub, conninfo: str) -> None:
    """Until cancelled. After a lost connection everybody is asked to look again, since notices may have been lost with it."""
    pause = 0.5
    while True:
        try:
            opening = psycopg.AsyncConnection.connect(conninfo, autocommit=True, application_name=SESSION)
            async with await opening as connection:
                await connection.execute(f"LISTEN {CHANNEL}")
                await _hear_of_the_ended(hub, connection)
                hub.resync()
                pause = 0.5
                await _hear(hub, connection)
        except (psycopg.OperationalError, OSError) as failure:
            logger.warning("Live pages wait for the database (%s); trying again in %.1f s", _first_line(failure), pause)
        await asyncio.sleep(pause)
        pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)


async def _hear_of_the_ended(hub: Hub, connection: psycopg.AsyncConnection) -> None:
    """What was said while nobody listened. Before the first migration there is no such table, and nothing was said."""
    found = await connection.execute("SELECT to_regclass('core_endedhearing') IS NOT NULL")
    if (await found.fetchone() or [False])[0]:
        rows = await connection.execute("SELECT key, at FROM core_endedhearing WHERE at > now() - interval '13 hours'")
        async for key, at in rows:
            hub.end(key, at.timestamp())


async def _hear(hub: Hub, connection: psycopg.AsyncConnection) -> None:
    while True:
        async for notice in connection.notifies(timeout=_CHECK_SECONDS):
            NOTICES.inc()
            content = json.loads(notice.payload)
            if "ended" in content:
                hub.end(content["ended"], content["at"])
            else:
                hub.publish(content["tenant"], content["subjects"])
        await connection.execute("SELECT 1")  # raises when the server is gone without having said so


def _first_line(failure: Exception) -> str:
    return str(failure).partition("\n")[0]
