"""What happened on either side, for the boards that somebody has opened: the tickets that it may move are looked at again."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from kakehashi.bridge.connection.models import Connection, State
from kakehashi.bridge.sides.customer_types import TICKETS
from kakehashi.bridge.sides.directory import crm_side, desk_side
from kakehashi.bridge.sides.protocols import CrmSide, DeskSide
from kakehashi.bridge.sides.records import SideChange
from kakehashi.bridge.sync.links import partners
from kakehashi.core.events.reading import Marker

from .models import CountedRecord, TypeSorting
from .progress import sort_anew
from .sorting import sort_tickets

RECONNECTED = "bridge.connection.reconnected"
_PEOPLE = ("Contacts", "Leads")
_Changes = Mapping[str, set[int]]  # record ids by module


def hear(changes: Sequence[SideChange]) -> None:
    """May see one change twice. A connection whose board nobody ever opened costs nothing."""
    crm, desk = _grouped(changes, "crm"), _grouped(changes, "desk")
    boards = TypeSorting.objects.exclude(connection__state=State.DISABLED).select_related("connection")
    for board in boards.filter(connection__org_id__in=crm) | boards.filter(connection__portal_id__in=desk):
        connection = board.connection
        tickets = _moved_by_crm(connection, crm.get(connection.org_id, {}))
        tickets |= _moved_by_desk(desk_side(connection.portal_id), desk.get(connection.portal_id, {}))
        sort_tickets(connection, tickets)


def hear_of_connections(markers: Iterable[Marker]) -> None:
    """Nobody listened while a connection was ended."""
    ids = {marker.subject_id for marker in markers if marker.topic == RECONNECTED}
    for board in TypeSorting.objects.filter(connection__in=ids).select_related("connection"):
        sort_anew(board.connection)


def recover() -> None:
    """After a time in which nobody listened."""
    for board in TypeSorting.objects.exclude(connection__state=State.DISABLED).select_related("connection"):
        sort_anew(board.connection)


def _grouped(changes: Sequence[SideChange], side: str) -> Mapping[int, _Changes]:
    found: defaultdict[int, defaultdict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for change in changes:
        if change.side == side:
            found[change.tenant_id][change.module].add(change.record_id)
    return found


def _moved_by_desk(desk: DeskSide, changes: _Changes) -> set[int]:
    customers = {name: changes.get(name, set()) for name in ("contacts", "accounts")}
    found = set(changes.get(TICKETS, ()))
    if any(customers.values()):
        found.update(desk.open_tickets_of(contact_ids=customers["contacts"], account_ids=customers["accounts"]))
    return found


def _moved_by_crm(connection: Connection, changes: _Changes) -> set[int]:
    """The tickets for which these records counted, and those for which they may count now."""
    crm = crm_side(connection.org_id)
    people = {one for name in _PEOPLE for one in changes.get(name, ())}
    accounts, deals = changes.get("Accounts", set()), changes.get("Deals", set())
    ids = people | accounts | deals
    if not ids:
        return set()
    ids |= set(crm.named_by_deals(deals)) if deals else set()
    ids.update(
        *(crm.absorbed(module, sorted(changes[module])) for module in (*_PEOPLE, "Accounts") if changes.get(module))
    )
    found = _counted(connection, ids)
    return found | _newly_matching(connection, crm, people, accounts)


def _counted(connection: Connection, record_ids: Collection[int]) -> set[int]:
    rows = CountedRecord.objects.filter(connection=connection, record_id__in=record_ids)
    return set(rows.values_list("ticket_id", flat=True))


def _newly_matching(
    connection: Connection, crm: CrmSide, people: Collection[int], accounts: Collection[int]
) -> set[int]:
    keys = crm.keys_of(people) if people else frozenset()
    contact_ids = list(partners(connection, "contacts", people).values()) if people else []
    account_ids = list(partners(connection, "accounts", accounts).values()) if accounts else []
    if not (keys or contact_ids or account_ids):
        return set()
    found = desk_side(connection.portal_id).open_tickets_of(
        contact_ids=contact_ids,
        account_ids=account_ids,
        emails={key for key in keys if "@" in key},
        phones={key for key in keys if "@" not in key},
    )
    return set(found)
