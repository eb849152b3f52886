"""Reading the history of one subject from the event log."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby

from django.utils import timezone

from kakehashi.core.events.models import Event
from kakehashi.ui.conversation import TimelineDay, TimelineEntry
from kakehashi.ui.templatetags.ui_words import day

from .words import sentences_of


def events_of(kind: str, subject_id: int, *, limit: int = 200) -> list[Event]:
    """The latest events of a subject, oldest first."""
    return list(reversed(Event.objects.filter(kind=kind, subject_id=subject_id).order_by("-id")[:limit]))


def timeline_of(kind: str, subject_id: int, *, limit: int = 100) -> Sequence[TimelineDay]:
    """The same by days, newest first."""
    entries = [
        TimelineEntry(sentence, event.at, icon, is_blue=event.origin.startswith("connection:"))
        for event in reversed(events_of(kind, subject_id, limit=limit))
        for icon, sentence in sentences_of(event)
    ]

    def day_of(entry: TimelineEntry) -> date:
        return timezone.localtime(entry.at).date()

    return [TimelineDay(day(on), list(group)) for on, group in groupby(entries, key=day_of)]
