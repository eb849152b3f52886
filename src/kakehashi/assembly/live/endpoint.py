"""`/live?token=…`: the stream of changes that a page hears."""

import asyncio
import contextlib
import json
from urllib.parse import parse_qs

from a2wsgi.asgi_typing import HTTPScope, Receive, Send
from django.core.signing import BadSignature

from kakehashi.assembly.metrics.counters import STREAMS
from kakehashi.assembly.web.texts import send_text
from kakehashi.ui.live import Hearing, hearing_in

from .hub import Hub, Stream

HEARTBEAT_SECONDS = 15.0
_GATHER_SECONDS = 0.2  # a burst of changes is told as one
_LONGEST_SECONDS = 30 * 60.0  # then the browser comes again, and its right to hear is checked again
_BEAT = (
    "event: beat\ndata: 1\n\n"  # pages listen for it: an open stream that does not beat is held back or cut on its way
)
_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),  # nginx would hold the events back
]


async def stream_changes(scope: HTTPScope, receive: Receive, send: Send, hub: Hub) -> None:
    try:
        hearing = hearing_in(parse_qs(scope["query_string"].decode()).get("token", [""])[0])
    except (BadSignature, UnicodeDecodeError):
        await send_text(send, 403, "This page is too old to be told of changes; load it again.")
        return
    if hub.has_ended(hearing.keys, hearing.given_at):
        await send_text(send, 403, "This page may hear of no more changes; load it again.")
        return
    gone = asyncio.ensure_future(_disconnected(receive))
    writing = asyncio.ensure_future(_write(scope, send, hub, hearing))
    try:
        await asyncio.wait([gone, writing], return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (gone, writing):
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError, OSError, RuntimeError):  # writing to one who left
                await task


async def _write(scope: HTTPScope, send: Send, hub: Hub, hearing: Hearing) -> None:
    with hub.joined(hearing.tenants, hearing.keys, since=hearing.given_at) as stream, STREAMS.track_inprogress():
        await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
        await _send(send, f"retry: 2000\nid: 1\n{_BEAT}")
        if _has_come_back(scope):
            stream.add([])
        ends = asyncio.get_running_loop().time() + _LONGEST_SECONDS
        while not stream.is_closed and asyncio.get_running_loop().time() < ends:
            await _send(send, await _next(stream))
            await asyncio.sleep(_GATHER_SECONDS)
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _next(stream: Stream) -> str:
    if not await stream.wait(HEARTBEAT_SECONDS):
        return _BEAT
    if stream.is_closed:
        return ": goodbye\n\n"
    return f"event: changed\nid: 1\ndata: {json.dumps({'subjects': stream.take()})}\n\n"


async def _send(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


def _has_come_back(scope: HTTPScope) -> bool:
    """The browser sends the last id it heard, and with it says that it may have missed something."""
    return any(name == b"last-event-id" for name, _ in scope["headers"])


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
