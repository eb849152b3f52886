"""Ending the live streams of open pages, in the transaction of whatever took the right away.

A page says with its token whose it is (`ui.live`). The web processes close what was opened for a key, and refuse tokens from before,
also after they were started anew: they read the rows that are younger than any token lives.
"""

import hashlib
import json

from django.db import connection

from kakehashi.core import clock
from kakehashi.core.events.log import CHANNEL

from .models import EndedHearing


def end_hearing(key: str) -> None:
    """`key` is one of those below."""
    at = clock.now()
    EndedHearing.objects.create(key=key, at=at)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, json.dumps({"ended": key, "at": at.timestamp()})])


def session_hearing(session_key: str) -> str:
    """All pages of one sign-in. The session itself is never told to anybody."""
    return f"session:{hashlib.sha256(session_key.encode()).hexdigest()[:32]}"


def person_hearing(tenant: str, person_id: int) -> str:
    """All pages of one person in a tenant such as "org:3"."""
    return f"{tenant}/person:{person_id}"
