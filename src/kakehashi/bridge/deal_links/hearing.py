"""What happened to deals and tickets, for their links: sorting follows, and what is split off keeps the deals that it had."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.connection.queries import connection_of_portal
from kakehashi.bridge.sides.deals import SPLIT_OFF
from kakehashi.bridge.sides.directory import desk_side
from kakehashi.bridge.sides.records import SideChange
from kakehashi.core.events.reading import Marker

from .models import DealLink
from .ranking import rank_everything, rank_tickets, rank_tickets_of_deals

RECONNECTED = "bridge.connection.reconnected"


def hear(changes: Sequence[SideChange]) -> None:
    """May see one change twice."""
    deals: defaultdict[int, set[int]] = defaultdict(set)
    tickets: defaultdict[int, set[int]] = defaultdict(set)
    split_off = {change.record_id for change in changes if change.module == SPLIT_OFF}
    for change in changes:
        (deals if change.side == "crm" else tickets)[change.tenant_id].add(change.record_id)
    for org_id, ids in deals.items():
        rank_tickets_of_deals(org_id, sorted(ids))
    for portal_id, ids in tickets.items():
        if connection := connection_of_portal(portal_id):
            _inherit(connection, sorted(ids & split_off))
            rank_tickets(connection, sorted(ids))


def hear_of_connections(markers: Iterable[Marker]) -> None:
    """Nobody listened while a connection was ended."""
    ids = {marker.subject_id for marker in markers if marker.topic == RECONNECTED}
    for connection in Connection.objects.filter(pk__in=ids):
        rank_everything(connection)


def _inherit(connection: Connection, ticket_ids: Sequence[int]) -> None:
    """A ticket that was split off belongs to the deals of the one it was made of: it is of the same customer and matter. Who thinks
    otherwise takes the link away, and it stays away.
    """
    sources = desk_side(connection.portal_id).split_sources(ticket_ids) if ticket_ids else {}
    links = DealLink.objects.filter(connection=connection, ticket_id__in=set(sources.values()))
    by_source: defaultdict[int, list[DealLink]] = defaultdict(list)
    for link in links.order_by("pk"):
        by_source[link.ticket_id].append(link)
    inherited = [
        DealLink(connection=connection, deal_id=one.deal_id, ticket_id=made, by_id=one.by_id, by_name=one.by_name)
        for made, source in sources.items()
        for one in by_source[source]
    ]
    DealLink.objects.bulk_create(inherited, ignore_conflicts=True)
