"""`/healthz`, for supervisors and load balancers: 200 when this process and its database answer."""

import psycopg
from a2wsgi.asgi_typing import Send

from .texts import send_text


async def answer_health(send: Send, conninfo: str) -> None:
    """By a connection of its own, so that it says what a new request would meet."""
    try:
        async with await psycopg.AsyncConnection.connect(conninfo, connect_timeout=3, autocommit=True) as connection:
            await connection.execute("SELECT 1")
    except (psycopg.Error, OSError):
        await send_text(send, 503, "The database does not answer.")
    else:
        await send_text(send, 200, "ok")
