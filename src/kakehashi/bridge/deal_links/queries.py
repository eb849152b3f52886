"""Which deals a ticket belongs to and which tickets a deal has, as things stand today: what was merged since counts for the survivor."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from django.db.models import QuerySet

from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.sides.deals import Deal, soonest
from kakehashi.bridge.sides.protocols import CrmSide, DeskSide
from kakehashi.core.actors import Actor
from kakehashi.core.fixed_reads import fixed_read

from .models import DealLink, Sight
from .sight import reader_for, sight_for

See = Callable[[Sequence[int]], Mapping[int, Deal]]
"""Deals by id, as one person may see them."""


def linked_tickets(connection: Connection, crm: CrmSide, desk: DeskSide, deal_id: int) -> tuple[int, ...]:
    """The live tickets of a deal, those linked last first. Whether a person may see them is for others to ask."""
    return tickets_of_deals(connection, crm, desk, [deal_id]).get(deal_id, ())


def tickets_of_deals(
    connection: Connection, crm: CrmSide, desk: DeskSide, deal_ids: Sequence[int]
) -> Mapping[int, tuple[int, ...]]:
    """The same of several, in the same number of queries. Deals without a ticket are left out."""
    absorbed = crm.absorbed("Deals", deal_ids) if deal_ids else ()
    rows = DealLink.objects.filter(connection=connection, deal_id__in=[*deal_ids, *absorbed]).order_by("-pk")
    linked = list(rows.values_list("deal_id", "ticket_id"))
    merged = {deal_id for deal_id, _ticket_id in linked}.difference(deal_ids)
    today = crm.deals(sorted(merged), connection.integration(crm.name)) if merged else {}
    living = desk.living_tickets([ticket_id for _deal_id, ticket_id in linked]) if linked else {}
    found: dict[int, list[int]] = {}
    for deal_id, ticket_id in linked:
        if ticket_id in living:
            found.setdefault(today[deal_id].id if deal_id in today else deal_id, []).append(living[ticket_id])
    return {deal_id: tuple(dict.fromkeys(ids)) for deal_id, ids in found.items()}


def deal_ids_of(connection: Connection, desk: DeskSide, ticket_ids: Sequence[int]) -> Mapping[int, tuple[int, ...]]:
    """The deals that tickets were linked to, in the order in which that was done. Two queries; tickets without a deal are left out."""
    absorbed = desk.absorbed_tickets(ticket_ids) if ticket_ids else {}
    every = [*ticket_ids, *absorbed]
    found: dict[int, list[int]] = {}
    for ticket_id, deal_id in _linked(connection.pk, every) if every else ():
        found.setdefault(absorbed.get(ticket_id, ticket_id), []).append(deal_id)
    return {ticket_id: tuple(dict.fromkeys(ids)) for ticket_id, ids in found.items()}


@fixed_read
def _linked(connection_id: int, ticket_ids: Sequence[int]) -> QuerySet[DealLink, tuple[int, int]]:
    linked = DealLink.objects.filter(connection_id=connection_id, ticket_id__among=ticket_ids)
    return linked.order_by("pk").values_list("ticket_id", "deal_id")


def deals_of(
    connection: Connection, desk: DeskSide, ticket_ids: Sequence[int], see: See
) -> Mapping[int, tuple[Deal, ...]]:
    """The deals of tickets as somebody may see them (`seen_in_crm`, `seen_in_desk`); open ones first, then by closing date.

    The same number of queries for a page of tickets as for one.
    """
    by_ticket = deal_ids_of(connection, desk, ticket_ids)
    wanted = list(dict.fromkeys(one for ids in by_ticket.values() for one in ids))
    deals = see(wanted) if wanted else {}
    return {
        ticket_id: tuple(sorted({deals[one].id: deals[one] for one in ids if one in deals}.values(), key=_in_order))
        for ticket_id, ids in by_ticket.items()
    }


def seen_in_crm(crm: CrmSide, actor: Actor) -> See:
    """By their rights in the CRM; nothing for a stranger."""
    return lambda ids: crm.deals(ids, actor)


def seen_in_desk(connection: Connection, crm: CrmSide, actor: Actor) -> See:
    """A member of the CRM sees what they see there. Other agents see of the deals of their tickets what the connection lets them."""
    level, reader = sight_for(connection, crm, actor), reader_for(connection, crm, actor)
    if level == Sight.NOTHING:
        return lambda _ids: {}

    def see(ids: Sequence[int]) -> Mapping[int, Deal]:
        deals = crm.deals(ids, reader)
        return deals if level == Sight.AMOUNT else {one: without_amount(deal) for one, deal in deals.items()}

    return see


def without_amount(deal: Deal) -> Deal:
    return replace(deal, amount=None, amount_text="")


def _in_order(deal: Deal) -> tuple[bool, bool, str, int]:
    return not deal.is_open, *soonest(deal)
