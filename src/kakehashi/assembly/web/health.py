"""`/healthz`: may this process be sent requests? `/healthz/all`: is the whole installation well? 200 when so, 503 when not.

A web process that lacks workers still shows pages, so a load balancer asks the first, a person's pager the second. Answered here,
without a thread, so that a rush of visitors does not look like an illness.
"""

import asyncio
from functools import cache
from typing import Any

import psycopg
from a2wsgi.asgi_typing import HTTPScope, Send

from kakehashi.assembly.metrics.lag import LAGS, heard_topics
from kakehashi.assembly.metrics.watchers import may_watch
from kakehashi.assembly.worker.claims import LIVING_WORKERS

from .texts import send_json

_LONGEST_LAG_SECONDS = 60.0
_MIGRATIONS = "SELECT app, name FROM django_migrations"


async def answer_health(scope: HTTPScope, send: Send, conninfo: str, *, of_all: bool) -> None:
    """Details are for those who may see the figures; others are told the state alone."""
    found = await _examine(conninfo)
    is_well = found["state"] == "ok" or (found["state"] == "degraded" and not of_all)
    client, headers = scope.get("client"), {name.decode(): text.decode("latin1") for name, text in scope["headers"]}
    shown = found if may_watch(client[0] if client else "", headers) else {"state": found["state"]}
    await send_json(send, 200 if is_well else 503, shown)


async def _examine(conninfo: str) -> dict[str, Any]:
    """By a connection of its own, so that it says what a new request would meet."""
    try:
        async with await psycopg.AsyncConnection.connect(conninfo, connect_timeout=3, autocommit=True) as connection:
            await connection.execute("SET statement_timeout = 3000")
            return await _ask(connection)
    except (psycopg.Error, OSError):
        return {"state": "down", "database": "does not answer"}


async def _ask(connection: psycopg.AsyncConnection) -> dict[str, Any]:
    applied = {(app, name) for app, name in await _rows(connection, _MIGRATIONS)}
    if waiting := len(await asyncio.to_thread(_known_migrations) - applied):
        return {"state": "down", "database": "ok", "migrations": f"{waiting} waiting"}
    workers = (await _rows(connection, LIVING_WORKERS))[0][0]
    lag = {
        name: {"events": events, "seconds": round(seconds, 1)}
        for name, events, seconds in await _rows(connection, LAGS, [heard_topics()])
    }
    is_late = any(one["seconds"] > _LONGEST_LAG_SECONDS for one in lag.values())
    state = "degraded" if not workers or is_late else "ok"
    return {"state": state, "database": "ok", "migrations": "ok", "workers": workers, "lag": lag}


async def _rows(connection: psycopg.AsyncConnection, query: str, values: list[Any] | None = None) -> list[Any]:
    return await (await connection.execute(query, values)).fetchall()


@cache
def _known_migrations() -> set[tuple[str, str]]:
    """Those of this version that nothing replaces."""
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(None)
    return set(loader.graph.leaf_nodes())
