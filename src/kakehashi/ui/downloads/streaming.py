"""A list as a file that people take home: streamed, so that memory holds one piece of it however long it is."""

from collections.abc import Iterator
from urllib.parse import quote

from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone

from kakehashi.core import clock
from kakehashi.core.spreadsheets import ENCODINGS

_CHARSETS = {"utf-8": "utf-8", "cp932": "Shift_JIS"}


def chosen_encoding(request: HttpRequest) -> str:
    """What `ui/downloads/templates/dialog.html` sends."""
    asked = request.GET.get("encoding", "")
    return asked if asked in ENCODINGS else ENCODINGS[0]


def csv_download(lines: Iterator[bytes], *, name: str, plain_name: str, encoding: str) -> StreamingHttpResponse:
    """The pieces as "NAME 2026-11-26.csv"; `plain_name` is for programs that read no other letters than Latin ones.

    They are made while they are sent, in the language and the time zone of the person (`PreferencesMiddleware`).
    """
    response = StreamingHttpResponse(lines, content_type=f"text/csv; charset={_CHARSETS[encoding]}")
    full = quote(f"{name} {timezone.localdate(clock.now()):%Y-%m-%d}.csv")
    response["Content-Disposition"] = f"attachment; filename=\"{plain_name}.csv\"; filename*=UTF-8''{full}"
    response["Cache-Control"] = "no-store"
    return response
