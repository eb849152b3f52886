"""A long conversation part by part: from the newest words back, and everything that happened meanwhile with them."""

from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import TypeVar

from django.db.models import Model, QuerySet

from kakehashi.core.errors import NotFound
from kakehashi.desk.tickets.models import Ticket

from .models import MessageState

Row = TypeVar("Row", bound=Model)
PART = 40  # mails and comments that are shown at once


@dataclass(frozen=True, slots=True)
class Span:
    """From `since` (None: the beginning) until just before `before` (None: now)."""

    since: datetime | None = None
    before: datetime | None = None

    def holds(self, moment: datetime) -> bool:
        return (self.since is None or moment >= self.since) and (self.before is None or moment < self.before)

    def within(self, rows: QuerySet[Row]) -> QuerySet[Row]:
        """Those of the rows whose `at` it holds."""
        if self.since is not None:
            rows = rows.filter(at__gte=self.since)
        return rows if self.before is None else rows.filter(at__lt=self.before)


WHOLE = Span()
_BEGINNING = "beginning"


def latest_span(ticket: Ticket, *, before: datetime | None = None, most: int = PART) -> Span:
    """The newest `most` mails and comments before a moment. One query; of several at its first moment all are in it."""
    so_far = Span(before=before)
    mails = so_far.within(ticket.messages.exclude(state=MessageState.WITHDRAWN)).values_list("at")
    comments = so_far.within(ticket.comments.filter(deleted_at=None)).values_list("at")
    newest = [rows.order_by("-at")[: most + 1] for rows in (mails, comments)]
    moments = list(chain.from_iterable(newest[0].union(newest[1], all=True).order_by("-at")[: most + 1]))
    return Span(moments[most - 1] if len(moments) > most else None, before)


def written(since: datetime | None) -> str:
    """Where a span begins, for an address."""
    return since.isoformat() if since else _BEGINNING


def read_span(text: str) -> Span:
    """From there on. Raises `NotFound` for what `written` never wrote."""
    return WHOLE if text == _BEGINNING else Span(read_moment(text))


def read_moment(text: str) -> datetime | None:
    """A moment that `written` wrote; "" is None. Raises `NotFound` for anything else."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise NotFound from None
    if moment.tzinfo is None:
        raise NotFound
    return moment
