"""Takes in a request's body before a thread is given to it, so that slow senders hold none."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from tempfile import SpooledTemporaryFile
from typing import IO, cast

from a2wsgi.asgi_typing import HTTPScope, Receive, ReceiveEvent

TOO_LARGE = "/too-large"
LARGEST_BODY_BYTES = 200 * 1024 * 1024
_IN_MEMORY_BYTES = 1024 * 1024
_CHUNK_BYTES = 256 * 1024


class BodyIsTooLarge(Exception):
    pass


class ClientLeft(Exception):
    """Before all of the body had come."""


@asynccontextmanager
async def whole_body(scope: HTTPScope, receive: Receive) -> AsyncIterator[Receive]:
    """A `receive` that has the whole body at hand: in memory, or on disk when it is long."""
    if _announced_bytes(scope) > LARGEST_BODY_BYTES:
        raise BodyIsTooLarge
    with SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES) as file:
        await _take_in(receive, file)
        file.seek(0)
        yield _reading(file)


def refused_as_too_large(scope: HTTPScope) -> HTTPScope:
    """The same visitor asking for the page that says so, in their language and, for htmx, as a sentence."""
    kept = [(name, value) for name, value in scope["headers"] if name not in {b"content-length", b"content-type"}]
    return cast("HTTPScope", {**scope, "method": "GET", "path": TOO_LARGE, "query_string": b"", "headers": kept})


def _announced_bytes(scope: HTTPScope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value)
    return 0


async def _take_in(receive: Receive, file: IO[bytes]) -> None:
    has_more, taken = True, 0
    while has_more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientLeft
        assert message["type"] == "http.request"  # noqa: S101 - tells the type
        taken += file.write(message["body"])
        if taken > LARGEST_BODY_BYTES:
            raise BodyIsTooLarge
        has_more = message["more_body"]


def _reading(file: IO[bytes]) -> Receive:
    async def receive() -> ReceiveEvent:
        chunk = file.read(_CHUNK_BYTES)
        return {"type": "http.request", "body": chunk, "more_body": len(chunk) == _CHUNK_BYTES}

    return receive
