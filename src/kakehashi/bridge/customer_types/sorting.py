"""Where open tickets stand on the board. Kept with the tickets in the Desk, so that a column is read like any list; see docs/decisions/0018."""

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal

from django.db import transaction

from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.sides.customer_types import OpenTicket
from kakehashi.bridge.sides.deals import RankKey
from kakehashi.bridge.sides.directory import crm_side, desk_side
from kakehashi.bridge.sides.protocols import CrmSide
from kakehashi.core.events.log import tell_pages
from kakehashi.core.events.subscribers import await_claim
from kakehashi.core.filters.definition import Filter, FilterIsBroken, from_json

from .deciding import Known, column_of
from .knowing import known_of
from .models import CountedRecord, TypeColumn
from .queries import standing_columns

RANK: RankKey = "customer_type"
LIVE = "desk.customer_type"  # what open boards listen to
_BATCH = 500


def sort_tickets(connection: Connection, ticket_ids: Collection[int]) -> None:
    """As things stand now: those that are not open any more stand nowhere. May be called twice."""
    ids = sorted(ticket_ids)
    for start in range(0, len(ids), _BATCH):
        _sort_some(connection, ids[start : start + _BATCH])


def under_claim(connection: Connection) -> None:
    """One at a time, so that nobody writes down what they read before somebody else."""
    await_claim(f"bridge:customer types:{connection.pk}")


@transaction.atomic
def _sort_some(connection: Connection, ticket_ids: Sequence[int]) -> None:
    under_claim(connection)
    still_open = desk_side(connection.portal_id).open_tickets(ticket_ids)
    _keep(connection, dict.fromkeys(set(ticket_ids) - {one.id for one in still_open}), {})
    sort_open(connection, still_open)


def sort_open(connection: Connection, tickets: Sequence[OpenTicket]) -> None:
    """In the caller's transaction, under the claim. The same number of queries for many as for one."""
    if not tickets:
        return
    columns = list(standing_columns(connection).order_by("precedence", "pk"))
    known = known_of(connection, tickets)
    fitting = _fitting(crm_side(connection.org_id), columns, known.values())
    places = {one.id: column_of(columns, known[one.id], fitting) for one in tickets}
    _keep(connection, places, known)


def _fitting(crm: CrmSide, columns: Sequence[TypeColumn], known: Collection[Known]) -> Mapping[int, Collection[int]]:
    return {
        column.pk: crm.fitting(column.about, _filter_of(column), ids)
        for column in columns
        if (ids := frozenset().union(*(one.records.get(column.about, frozenset()) for one in known)))
    }


def _filter_of(column: TypeColumn) -> Filter:
    try:
        return from_json(column.filter)
    except FilterIsBroken:
        return Filter()


def _keep(connection: Connection, places: Mapping[int, int | None], known: Mapping[int, Known]) -> None:
    if not places:
        return
    _remember(connection, places, known)
    desk = desk_side(connection.portal_id)
    before = desk.ranks(RANK, places)
    ranks = {one: Decimal(place) if place else None for one, place in places.items()}
    moved = {one: rank for one, rank in ranks.items() if before.get(one) != rank}
    if moved:
        desk.keep_ranks(RANK, moved)
        tell_pages(connection.portal_tenant, [f"{LIVE}:{one}" for one in moved])


def _remember(connection: Connection, ticket_ids: Collection[int], known: Mapping[int, Known]) -> None:
    wanted = {(one, record_id) for one in ticket_ids if one in known for record_id in known[one].ids}
    rows = CountedRecord.objects.filter(connection=connection, ticket_id__in=ticket_ids)
    kept = {(ticket_id, record_id): pk for pk, ticket_id, record_id in rows.values_list("pk", "ticket_id", "record_id")}
    CountedRecord.objects.filter(pk__in=[pk for pair, pk in kept.items() if pair not in wanted]).delete()
    new = [
        CountedRecord(connection=connection, ticket_id=one, record_id=two) for one, two in sorted(wanted - kept.keys())
    ]
    CountedRecord.objects.bulk_create(new, ignore_conflicts=True)
