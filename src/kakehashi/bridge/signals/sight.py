"""Which tickets a person of the CRM may hear of: by their records there, their seat in the Desk, and what the connection lets others see."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from kakehashi.bridge.connection.models import Connection, SeatlessSight
from kakehashi.bridge.sides.protocols import CrmSide, DeskSide
from kakehashi.bridge.sides.questions import Place
from kakehashi.core.actors import Actor
from kakehashi.core.errors import NotFound


def seen_places(crm: CrmSide, places: Iterable[Place], actor: Actor) -> Mapping[Place, int | None]:
    """Those of the records that this person may see, with their owners. A query for each module."""
    by_module: defaultdict[str, set[int]] = defaultdict(set)
    for module, record_id in places:
        by_module[module].add(record_id)
    return {
        (module, pk): owner
        for module, ids in sorted(by_module.items())
        for pk, owner in _seen(crm, module, ids, actor).items()
    }


def heard_tickets(
    connection: Connection, desk: DeskSide, ticket_ids: Collection[int], actor: Actor, *, owns: Collection[int]
) -> frozenset[int]:
    """Those of the tickets that the Desk shows this person, or the connection, who has no seat there. `owns` are the tickets of records
    that they own.
    """
    wanted = sorted(ticket_ids)
    if not desk.rights(actor).has_desk_account:
        if connection.seatless_sight == SeatlessSight.NONE:
            return frozenset()
        if connection.seatless_sight == SeatlessSight.OWN:
            wanted = sorted(set(wanted) & set(owns))
    return frozenset(desk.visible_tickets(wanted, actor)) if wanted else frozenset()


def _seen(crm: CrmSide, module: str, ids: Collection[int], actor: Actor) -> Mapping[int, int | None]:
    try:
        found = crm.visible_among(module, sorted(ids), actor)
    except NotFound:  # a module that is hidden from this person, or somebody who left
        return {}
    return {pk: record.values.get("Owner") for pk, record in found.items()}
