"""What support sorts its tickets by: the largest amount and the next closing date of the open deals that a ticket belongs to.

The Desk keeps two numbers with the ticket. They follow the deals: whatever moves one is heard here and the numbers are set anew.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from kakehashi.bridge.connection.models import Connection, State
from kakehashi.bridge.sides.deals import Deal, RankKey
from kakehashi.bridge.sides.directory import crm_side, desk_side

from .models import DealLink
from .queries import deal_ids_of

_BATCH = 500


def rank_tickets(connection: Connection, ticket_ids: Sequence[int]) -> None:
    """In the caller's transaction."""
    crm, desk = crm_side(connection.org_id), desk_side(connection.portal_id)
    by_ticket = deal_ids_of(connection, desk, ticket_ids)
    wanted = sorted({one for ids in by_ticket.values() for one in ids})
    deals = crm.deals(wanted, connection.integration("CRM")) if wanted else {}
    ranks = ranks_of({one: [deals[pk] for pk in by_ticket.get(one, ()) if pk in deals] for one in ticket_ids})
    for key, values in ranks.items():
        desk.keep_ranks(key, values)


def ranks_of(by_ticket: Mapping[int, Sequence[Deal]]) -> Mapping[RankKey, Mapping[int, Decimal | None]]:
    """Pure. A closing date counts as the number of its day; None where no open deal says anything."""
    still_open = {one: [deal for deal in deals if deal.is_open] for one, deals in by_ticket.items()}
    amounts = {one: [deal.amount for deal in deals if deal.amount is not None] for one, deals in still_open.items()}
    closings = {one: [deal.closing for deal in deals if deal.closing] for one, deals in still_open.items()}
    return {
        "deal_amount": {one: max(found, default=None) for one, found in amounts.items()},
        "deal_closing": {one: Decimal(min(found).toordinal()) if found else None for one, found in closings.items()},
    }


def rank_tickets_of_deals(org_id: int, deal_ids: Sequence[int]) -> None:
    """After deals changed, were deleted, restored or merged."""
    connection = Connection.objects.filter(org_id=org_id).exclude(state=State.DISABLED).first()
    if connection is None:
        return
    absorbed = crm_side(org_id).absorbed("Deals", deal_ids)
    links = DealLink.objects.filter(connection=connection, deal_id__in=[*deal_ids, *absorbed])
    _rank(connection, sorted(set(links.values_list("ticket_id", flat=True))))


def rank_everything(connection: Connection) -> None:
    """After a time in which nobody listened."""
    links = DealLink.objects.filter(connection=connection)
    ticket_ids = sorted(set(links.values_list("ticket_id", flat=True)))
    for start in range(0, len(ticket_ids), _BATCH):
        _rank(connection, ticket_ids[start : start + _BATCH])


def recover() -> None:
    for connection in Connection.objects.exclude(state=State.DISABLED):
        rank_everything(connection)


def _rank(connection: Connection, ticket_ids: Sequence[int]) -> None:
    living = desk_side(connection.portal_id).living_tickets(ticket_ids) if ticket_ids else {}
    if living:
        rank_tickets(connection, sorted(set(living.values())))
