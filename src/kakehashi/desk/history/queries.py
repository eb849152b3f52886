"""Reading the history of one subject from the event log."""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import groupby

from django.db.models import QuerySet
from django.utils import timezone

from kakehashi.core.events.models import Event
from kakehashi.core.fixed_reads import fixed_read
from kakehashi.desk.customers.models import Account
from kakehashi.ui.conversation import TimelineDay, TimelineEntry
from kakehashi.ui.templatetags.ui_words import day

from .words import sentences_of

_USUAL = 200


@fixed_read
def _latest(kind: str, subject_id: int) -> QuerySet[Event]:
    return Event.objects.filter(kind=kind, subject_id=subject_id).order_by("-id")[:_USUAL]


def events_of(
    kind: str, subject_id: int, *, since: datetime | None = None, before: datetime | None = None, limit: int = _USUAL
) -> list[Event]:
    """The latest events of a subject, or of a time of it, oldest first."""
    if since is None and before is None and limit == _USUAL:
        return _latest(kind, subject_id)[::-1]
    events = Event.objects.filter(kind=kind, subject_id=subject_id)
    if since is not None:
        events = events.filter(at__gte=since)
    if before is not None:
        events = events.filter(at__lt=before)
    return list(reversed(events.order_by("-id")[:limit]))


def timeline_of(kind: str, subject_id: int, *, limit: int = 100) -> Sequence[TimelineDay]:
    """The same by days, newest first."""
    events = events_of(kind, subject_id, limit=limit)
    accounts = _account_names(events)
    entries = [
        TimelineEntry(sentence, event.at, icon, is_blue=event.origin.startswith("connection:"))
        for event in reversed(events)
        for icon, sentence in sentences_of(event, accounts)
    ]

    def day_of(entry: TimelineEntry) -> date:
        return timezone.localtime(entry.at).date()

    return [TimelineDay(day(on), list(group)) for on, group in groupby(entries, key=day_of)]


def _account_names(events: Sequence[Event]) -> dict[int, str]:
    """Of the accounts that these events name by id."""
    pairs = [event.data.get("changes", {}).get("accountId", ()) for event in events]
    ids = {value for pair in pairs for value in pair if isinstance(value, int)}
    return dict(Account.objects.filter(pk__in=ids).values_list("pk", "account_name")) if ids else {}
