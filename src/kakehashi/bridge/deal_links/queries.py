"""Which deals a ticket belongs to and which tickets a deal has, as things stand today: what was merged since counts for the survivor."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.sides.deals import Deal
from kakehashi.bridge.sides.protocols import CrmSide, DeskSide
from kakehashi.core.actors import Actor

from .models import DealLink, Sight
from .sight import sight_of

See = Callable[[Sequence[int]], Mapping[int, Deal]]
"""Deals by id, as one person may see them."""


def linked_tickets(connection: Connection, crm: CrmSide, desk: DeskSide, deal_id: int) -> tuple[int, ...]:
    """The live tickets of a deal, those linked last first. Whether a person may see them is for others to ask."""
    deal_ids = [deal_id, *crm.absorbed("Deals", [deal_id])]
    rows = DealLink.objects.filter(connection=connection, deal_id__in=deal_ids).order_by("-pk")
    ticket_ids = list(dict.fromkeys(rows.values_list("ticket_id", flat=True)))
    living = desk.living_tickets(ticket_ids) if ticket_ids else {}
    return tuple(dict.fromkeys(living[one] for one in ticket_ids if one in living))


def deal_ids_of(connection: Connection, desk: DeskSide, ticket_ids: Sequence[int]) -> Mapping[int, tuple[int, ...]]:
    """The deals that tickets were linked to, in the order in which that was done. Two queries; tickets without a deal are left out."""
    absorbed = desk.absorbed_tickets(ticket_ids) if ticket_ids else {}
    rows = DealLink.objects.filter(connection=connection, ticket_id__in=[*ticket_ids, *absorbed]).order_by("pk")
    found: dict[int, list[int]] = {}
    for ticket_id, deal_id in rows.values_list("ticket_id", "deal_id"):
        found.setdefault(absorbed.get(ticket_id, ticket_id), []).append(deal_id)
    return {ticket_id: tuple(dict.fromkeys(ids)) for ticket_id, ids in found.items()}


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
    if crm.has_member(actor.person_id or 0):
        return seen_in_crm(crm, actor)
    level = sight_of(connection)
    if level == Sight.NOTHING:
        return lambda _ids: {}
    integration = connection.integration(crm.name)

    def see(ids: Sequence[int]) -> Mapping[int, Deal]:
        deals = crm.deals(ids, integration)
        return deals if level == Sight.AMOUNT else {one: without_amount(deal) for one, deal in deals.items()}

    return see


def without_amount(deal: Deal) -> Deal:
    return replace(deal, amount=None, amount_text="")


def _in_order(deal: Deal) -> tuple[bool, bool, str, int]:
    return not deal.is_open, deal.closing is None, deal.closing.isoformat() if deal.closing else "", deal.id
