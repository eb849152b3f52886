"""A request's body is here before a thread is taken."""

import asyncio
from collections.abc import Iterable
from typing import Any

import pytest

from kakehashi.assembly.web import bodies
from kakehashi.assembly.web.bodies import BodyIsTooLarge, ClientLeft, whole_body


def take_in(messages: Iterable[dict[str, Any]], **headers: str) -> bytes:
    waiting = iter(messages)

    async def receive() -> Any:
        return next(waiting)

    async def read() -> bytes:
        scope: Any = {"headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]}
        content, has_more = b"", True
        async with whole_body(scope, receive) as receive_whole:
            while has_more:
                message: Any = await receive_whole()
                content, has_more = content + message["body"], message["more_body"]
        return content

    return asyncio.run(read())


def part(content: bytes, *, has_more: bool) -> dict[str, Any]:
    return {"type": "http.request", "body": content, "more_body": has_more}


@pytest.mark.parametrize("size", [0, 1, 256 * 1024, 256 * 1024 + 1, 3 * 1024 * 1024])
def test_it_comes_out_as_it_went_in(size: int) -> None:
    content = bytes(number % 251 for number in range(size))
    parts = [part(content[start : start + 65_536], has_more=True) for start in range(0, size, 65_536)]
    assert take_in([*parts, part(b"", has_more=False)]) == content


def test_one_that_is_announced_too_large_is_not_read() -> None:
    with pytest.raises(BodyIsTooLarge):
        take_in([], content_length=str(10**10))


def test_one_that_grows_too_large_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "LARGEST_BODY_BYTES", 100)
    with pytest.raises(BodyIsTooLarge):
        take_in([part(b"x" * 60, has_more=True)] * 2)


def test_a_sender_who_leaves_is_noticed() -> None:
    with pytest.raises(ClientLeft):
        take_in([part(b"x", has_more=True), {"type": "http.disconnect"}])
