from a2wsgi.asgi_typing import Send


async def send_text(send: Send, status: int, text: str) -> None:
    """A whole answer in plain text, for what is answered before Django is asked."""
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": f"{text}\n".encode(), "more_body": False})
