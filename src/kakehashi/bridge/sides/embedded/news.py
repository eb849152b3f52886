"""The events of our own Desk as news for the people of a CRM."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import cast, get_args

from kakehashi.bridge.sides.news import NewsKind, TicketNews
from kakehashi.core import clock
from kakehashi.core.events.models import Event
from kakehashi.core.events.reading import Marker

NEWS_TOPICS = [f"desk.ticket.{kind}" for kind in get_args(NewsKind)]
_BROUGHT_OVER = ("import", "demo")  # what was written elsewhere long ago is no news here
_TOO_OLD = timedelta(days=7)
_LOOKED_AT_AGAIN = 50


def ticket_news(markers: Sequence[Marker]) -> list[TicketNews]:
    """In the order of the markers. A subject that is tried again carries no event of its own: its last ones are looked at."""
    since = clock.now() - _TOO_OLD
    heard: list[Marker | Event] = [one for marker in markers for one in ([marker] if marker.id else _last_ones(marker))]
    return [news_of(one) for one in heard if one.at > since and not _is_old_story(one)]


def _last_ones(marker: Marker) -> Iterator[Event]:
    rows = Event.objects.filter(kind=marker.kind, subject_id=marker.subject_id, topic__in=NEWS_TOPICS)
    yield from rows.filter(tenant=marker.tenant).order_by("-id")[:_LOOKED_AT_AGAIN]


def _is_old_story(event: Marker | Event) -> bool:
    return event.origin.startswith(_BROUGHT_OVER) or bool(event.data.get("past"))


def news_of(event: Marker | Event) -> TicketNews:
    data = event.data
    return TicketNews(
        kind=cast("NewsKind", event.topic.rpartition(".")[2]),
        ticket_id=event.subject_id,
        part=data.get("message") or data.get("comment"),
        deadline=str(data.get("deadline") or ""),
        portal_id=int(event.tenant.partition(":")[2]),
        event_id=event.id,
        at=event.at,
        by_id=event.person_id,
    )
