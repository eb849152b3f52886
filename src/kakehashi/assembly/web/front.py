"""The front of a web process. Live pages and the health check are answered here, without a thread; everything else is Django,
synchronous, in a handful of threads (design §1: async views with an async ORM were measured ten times slower)."""

import asyncio
import contextlib
import os

from a2wsgi import WSGIMiddleware
from a2wsgi.asgi_typing import HTTPScope, Receive, ReceiveEvent, Scope, Send, SendEvent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kakehashi.assembly.settings")

from kakehashi.assembly.wsgi import application as django_pages  # isort: skip - loads Django by the settings named above
from django.conf import settings

from kakehashi.assembly.live.endpoint import stream_changes
from kakehashi.assembly.live.hub import END_STREAMS, Hub
from kakehashi.assembly.live.notices import hear_notices
from kakehashi.assembly.web.bodies import BodyIsTooLarge, ClientLeft, refused_as_too_large, whole_body
from kakehashi.assembly.web.health import answer_health
from kakehashi.assembly.web.proxies import seen_from_outside
from kakehashi.core.events.listening import listening_conninfo

_THREADS = int(os.environ.get("KAKEHASHI_THREADS", "8"))
_CHUNKS = 256  # of a response that wait for a slow reader before its thread has to

_pages = WSGIMiddleware(django_pages, workers=_THREADS, send_queue_size=_CHUNKS)  # type: ignore[arg-type]  # its own words for WSGI
_hub = Hub()


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        await _live_until_shutdown(receive, send)
    elif scope["type"] == "http":
        await _answer(seen_from_outside(scope, settings.PROXIES), receive, send)


async def _answer(scope: HTTPScope, receive: Receive, send: Send) -> None:
    match scope["path"]:
        case "/live":
            await stream_changes(scope, receive, send, _hub)
        case "/healthz" | "/healthz/all" as path:
            await answer_health(scope, send, listening_conninfo(), of_all=path.endswith("/all"))
        case _:
            await _answer_page(scope, receive, send)


async def _answer_page(scope: HTTPScope, receive: Receive, send: Send) -> None:
    """The body is here before a thread is taken, and a reader who left does not keep one: threads wait for no network."""
    try:
        async with whole_body(scope, receive) as receive_whole:
            await _pages(scope, receive_whole, _unfailing(send))
    except BodyIsTooLarge:
        await _pages(refused_as_too_large(scope), _nothing, _unfailing(send))
    except ClientLeft:
        pass


async def _nothing() -> ReceiveEvent:
    return {"type": "http.request", "body": b"", "more_body": False}


def _unfailing(send: Send) -> Send:
    async def send_or_forget(message: SendEvent) -> None:
        with contextlib.suppress(OSError, RuntimeError):  # a2wsgi's thread would wait for ever after a failure here
            await send(message)

    return send_or_forget


async def _live_until_shutdown(receive: Receive, send: Send) -> None:
    await receive()
    hearing = asyncio.create_task(hear_notices(_hub, listening_conninfo()))
    asyncio.get_running_loop().add_signal_handler(END_STREAMS, _hub.close)
    await send({"type": "lifespan.startup.complete"})
    await receive()
    hearing.cancel()
    await send({"type": "lifespan.shutdown.complete"})
