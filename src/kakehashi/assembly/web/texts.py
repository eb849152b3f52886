import json
from typing import Any

from a2wsgi.asgi_typing import Send

_HEADERS = [(b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff")]


async def send_text(send: Send, status: int, text: str) -> None:
    """A whole answer in plain text, for what is answered before Django is asked."""
    await _send(send, status, b"text/plain; charset=utf-8", f"{text}\n")


async def send_json(send: Send, status: int, content: dict[str, Any]) -> None:
    await _send(send, status, b"application/json", json.dumps(content) + "\n")


async def _send(send: Send, status: int, kind: bytes, text: str) -> None:
    headers = [(b"content-type", kind), *_HEADERS]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": text.encode(), "more_body": False})
