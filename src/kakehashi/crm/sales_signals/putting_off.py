"""Signals that are put off: out of the way until a moment, then they ring anew."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kakehashi.core import clock
from kakehashi.core.errors import Text

from .actions import mark_signals
from .models import Signal

CHOICES: Mapping[str, Text] = {
    "hour": _("In an hour"),
    "hours": _("In three hours"),
    "tomorrow": _("Tomorrow at 9:00"),
    "monday": _("Next Monday at 9:00"),
}
_MORNING = time(9)
_AT_ONCE = 500


def moment_of(choice: str, now: datetime) -> datetime | None:
    """Pure; mornings are those of `now`'s time zone. None for what is no choice."""
    if choice in ("hour", "hours"):
        return now + timedelta(hours=1 if choice == "hour" else 3)
    if choice not in CHOICES:
        return None
    days = 1 if choice == "tomorrow" else 7 - now.weekday()
    return datetime.combine(now.date() + timedelta(days=days), _MORNING, now.tzinfo)


@transaction.atomic
def put_off(signals: QuerySet[Signal], choice: str) -> datetime | None:
    """Until when; None for what is no choice. Whoever put it off has seen it."""
    until = moment_of(choice, timezone.localtime(clock.now()))
    if until:
        mark_signals(signals, snoozed_until=until, seen_at=clock.now())
    return until


@transaction.atomic
def take_up(signals: QuerySet[Signal]) -> None:
    """Back where they were, without ringing: the undo."""
    mark_signals(signals.filter(snoozed_until__isnull=False), snoozed_until=None)


def wake_due() -> int:
    """Whatever was put off until now rings anew, however late. Answers how many."""
    count = 0
    while woken := _wake():
        count += woken
    return count


@transaction.atomic
def _wake() -> int:
    """Of two that look at once each wakes its own."""
    now = clock.now()
    due = Signal.objects.filter(snoozed_until__lte=now).select_for_update(skip_locked=True).order_by("snoozed_until")
    ids = list(due.values_list("pk", flat=True)[:_AT_ONCE])
    return mark_signals(Signal.objects.filter(pk__in=ids), snoozed_until=None, seen_at=None, read_at=None, rung_at=now)
