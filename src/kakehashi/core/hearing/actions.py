"""Ending the live streams of open pages, in the transaction of whatever took the right away.

A page says with its token whose it is (`ui.live`). The web processes close what was opened for a key, and refuse tokens from before,
also after they were started anew: they read the rows that are younger than any token lives.
"""

import json

from django.db import connection

from kakehashi.core import clock
from kakehashi.core.events.log import CHANNEL

from .models import EndedHearing


def end_hearing(key: str) -> None:
    """`key` is one of those in keys.py."""
    at = clock.now()
    EndedHearing.objects.create(key=key, at=at)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, json.dumps({"ended": key, "at": at.timestamp()})])
