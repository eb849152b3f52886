"""After the storm: wait until nothing is under way. What would be tried again in minutes or hours is tried now."""

import time
from datetime import timedelta

from django.db import connection
from django.db.models import F

from kakehashi.assembly.metrics.lag import lags
from kakehashi.bridge.sync.models import Dirty
from kakehashi.core import clock
from kakehashi.core.events.models import Problem
from kakehashi.desk.conversations.models import Message, MessageState
from kakehashi.desk.intake.models import IncomingMail, MailState

PATIENCE_SECONDS = 180.0
_WAY = [MessageState.PENDING, MessageState.SENDING]


def settle() -> dict[str, int]:
    """What was still under way at the end of patience; empty if all came to rest."""
    ends = time.monotonic() + PATIENCE_SECONDS
    while (left := under_way()) and time.monotonic() < ends:
        _let_time_pass()
        time.sleep(1)
    return left


def under_way() -> dict[str, int]:
    counts = {
        **{f"events of {lag.subscriber}": lag.events for lag in lags()},
        "records to sync": Dirty.objects.count(),
        "mails to send": Message.objects.filter(state__in=_WAY).count(),
        "mails to judge": IncomingMail.objects.filter(state=MailState.RECEIVED).count(),
        "problems": Problem.objects.count(),
        "jobs": _jobs(),
    }
    return {name: count for name, count in counts.items() if count}


def _jobs() -> int:
    """Those that are due: clean-ups of the coming night are not."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing' OR (status = 'todo' AND coalesce(scheduled_at, now()) <= now())"
        )
        return int(cursor.fetchone()[0])


def _let_time_pass() -> None:
    """As if ten minutes were over: claims of the dead go stale, and whatever waits for its next try is due."""
    now = clock.now()
    Message.objects.filter(state=MessageState.SENDING, claimed_at__lt=now - timedelta(seconds=30)).update(
        claimed_at=F("claimed_at") - timedelta(minutes=10)
    )
    Message.objects.filter(state=MessageState.PENDING, send_after__gt=now + timedelta(seconds=30)).update(
        send_after=now
    )
    Dirty.objects.filter(next_try_at__gt=now).update(next_try_at=now)
    Problem.objects.filter(next_try_at__gt=now).update(next_try_at=now)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET scheduled_at = now() WHERE status = 'todo' AND attempts > 0 AND scheduled_at > now()"
        )
