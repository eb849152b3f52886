"""What a person is shown of signals from the Desk: what they may know of the tickets now, whatever they knew when it rang."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse

from kakehashi.bridge.connection.queries import living_connection
from kakehashi.bridge.sides.directory import crm_side, desk_side
from kakehashi.bridge.sides.failures import SideIsAway
from kakehashi.bridge.sides.news import NewsOfTicket, TicketNews
from kakehashi.bridge.sides.questions import Place
from kakehashi.core.actors import Actor
from kakehashi.core.errors import Text

from .sight import heard_tickets, seen_places
from .words import sentence_of


@dataclass(frozen=True, slots=True)
class Rung:
    """A signal as it was raised: of which news, and through which record its reader knows the customer."""

    id: int
    news: TicketNews
    place: Place


@dataclass(frozen=True, slots=True)
class Shown:
    """`url` opens the ticket over the record's page."""

    sentence: Text
    url: str
    excerpt: str
    thread: str


def show(org_id: int, rung: Sequence[Rung], actor: Actor) -> Mapping[int, Shown] | None:
    """By signal; tickets that are gone or out of this person's sight are left out. None while the Desk does not answer."""
    connection = living_connection(org_id)
    if connection is None:
        return {}
    desk = desk_side(connection.portal_id)
    try:
        now = dict(zip((one.id for one in rung), desk.read_news([one.news for one in rung]), strict=True))
        seen = seen_places(crm_side(org_id), {one.place for one in rung}, actor)
        owned = {found.ticket_id for one in rung if (found := now[one.id]) and seen.get(one.place) == actor.person_id}
        heard = heard_tickets(connection, desk, {one.ticket_id for one in now.values() if one}, actor, owns=owned)
    except SideIsAway:
        return None
    return {
        one.id: _shown(org_id, one, found)
        for one in rung
        if (found := now[one.id]) and found.ticket_id in heard and one.place in seen
    }


def _shown(org_id: int, rung: Rung, now: NewsOfTicket) -> Shown:
    url = reverse("record_ticket", args=[org_id, *rung.place, now.ticket_id])
    return Shown(sentence_of(rung.news, now), url, now.excerpt, f"#{now.number}")
