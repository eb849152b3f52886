"""From what happened to tickets to the bells of the CRM (spec G1–G4)."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.connection.queries import connection_of_portal
from kakehashi.bridge.sides.directory import crm_side, desk_side
from kakehashi.bridge.sides.news import NewsOfTicket, Ring, TicketNews
from kakehashi.bridge.sides.protocols import CrmSide, DeskSide
from kakehashi.bridge.sides.questions import Place
from kakehashi.core import clock
from kakehashi.core.actors import Actor

from .choosing import audiences_by_news
from .customers import places_of
from .kinds import BY_NEWS
from .sight import heard_tickets, seen_places
from .telling import Relation, candidates

Told = tuple[TicketNews, NewsOfTicket]
Wanted = tuple[Told, Sequence[Relation]]


def hear(news: Sequence[TicketNews]) -> None:
    """May see one event twice: of one event nobody is told twice. In the transaction that moves the cursor, so that a process that dies
    has told of all of it or of nothing.
    """
    by_portal: defaultdict[int, list[TicketNews]] = defaultdict(list)
    for one in news:
        by_portal[one.portal_id].append(one)
    for portal_id, heard in by_portal.items():
        connection = connection_of_portal(portal_id)
        if connection and not connection.is_planned:  # what is not approved yet carries nothing across
            _tell(connection, [one for one in heard if (one.at or clock.now()) >= connection.set_up_at])


def _tell(connection: Connection, news: Sequence[TicketNews]) -> None:
    audiences = audiences_by_news(connection)
    wanted = [one for one in news if audiences[one.kind]]
    crm, desk = crm_side(connection.org_id), desk_side(connection.portal_id)
    told = [(one, now) for one, now in zip(wanted, desk.read_news(wanted), strict=True) if now] if wanted else []
    if not told:
        return
    places = places_of(connection, crm, desk, list({now.ticket_id: now for _one, now in told}.values()))
    owners = crm.owners(sorted({place for found in places.values() for place in found}))
    by_person: defaultdict[int, list[Wanted]] = defaultdict(list)
    for one, now in told:
        relations = [Relation(place, owners[place].person_id) for place in places[now.ticket_id] if place in owners]
        for person_id, own in candidates(relations, audiences[one.kind], one.by_id).items():
            by_person[person_id].append(((one, now), own))
    crm.ring(list(_rings(connection, crm, desk, by_person, places)), _absorbed(desk, list(places)))


def _rings(
    connection: Connection,
    crm: CrmSide,
    desk: DeskSide,
    by_person: Mapping[int, Sequence[Wanted]],
    places: Mapping[int, Sequence[Place]],
) -> Iterator[Ring]:
    """Of each person those that they may hear of, in the order of events."""
    for person_id, wanted in by_person.items():
        actor = Actor(person_id, "")
        ticket_ids = {now.ticket_id for (_one, now), _own in wanted}
        seen = seen_places(crm, {place for pk in ticket_ids for place in places[pk]}, actor)
        heard = heard_tickets(connection, desk, ticket_ids, actor, owns=ticket_ids)
        for (one, now), own in wanted:
            nearest = next((relation.place for relation in own if relation.place in seen), None)
            if nearest and now.ticket_id in heard:
                about = tuple(place[1] for place in places[now.ticket_id] if place in seen)
                yield _ring(connection, person_id, one, now.ticket_id, nearest, about)


def _ring(
    connection: Connection, person_id: int, news: TicketNews, ticket_id: int, place: Place, about: tuple[int, ...]
) -> Ring:
    """Of what was said nothing is kept but where it stands: who reads the signal is shown what they may see then."""
    return Ring(
        person_id,
        BY_NEWS[news.kind].code,
        place,
        news.event_id,
        news.at or clock.now(),
        source=connection.origin,
        thread=_thread(ticket_id),
        about=about,
        data={"ticket": news.ticket_id, "part": news.part, "deadline": news.deadline},
    )


def _absorbed(desk: DeskSide, ticket_ids: Sequence[int]) -> Mapping[str, Sequence[str]]:
    """Tickets that were merged, as threads: whoever silenced one hears no more of it in the survivor."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for ticket_id, survivor_id in desk.absorbed_tickets(ticket_ids).items():
        found[_thread(survivor_id)].append(_thread(ticket_id))
    return found


def _thread(ticket_id: int) -> str:
    return f"ticket:{ticket_id}"
