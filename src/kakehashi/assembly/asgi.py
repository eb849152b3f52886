"""The front of a web process. Live pages and the health check are answered here, without a thread; everything else is Django,
synchronous, in a handful of threads (docs/decisions on why: async views with an async ORM were measured ten times slower)."""

import os

from a2wsgi import WSGIMiddleware
from a2wsgi.asgi_typing import Receive, Scope, Send

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kakehashi.assembly.settings")

from kakehashi.assembly.wsgi import application as pages

_THREADS = int(os.environ.get("KAKEHASHI_THREADS", "8"))

_pages = WSGIMiddleware(pages, workers=_THREADS)  # type: ignore[arg-type]  # a2wsgi words WSGI's types its own way


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    await _pages(scope, receive, send)
