"""What the ticket block of a record says of deals: beside each ticket, and on a deal how its tickets stand."""

from collections.abc import Mapping, Sequence
from typing import Any

from kakehashi.bridge.ticket_panel.access import RecordTickets
from kakehashi.bridge.ticket_panel.showing import DealChip

from .queries import deals_of, seen_in_crm
from .risk import added_up, marks_of


def chips_of(tickets: RecordTickets, ticket_ids: Sequence[int]) -> Mapping[int, Sequence[DealChip]]:
    """The deals of the tickets of a page, by this person's rights. On a deal's own page not that deal itself."""
    found = deals_of(tickets.connection, tickets.desk, ticket_ids, seen_in_crm(tickets.crm, tickets.actor))
    own = tickets.record.id if tickets.record.module == "Deals" else 0
    return {
        ticket_id: [DealChip(deal.name, deal.url) for deal in deals if deal.id != own]
        for ticket_id, deals in found.items()
    }


def risk_context(tickets: RecordTickets) -> dict[str, Any]:
    """For a deal: marks for how the tickets linked to it stand."""
    if tickets.record.module != "Deals" or not tickets.party.ticket_ids:
        return {"risk_marks": (), "has_links": False}
    seen = list(tickets.desk.visible_tickets(tickets.party.ticket_ids, tickets.actor))
    return {"risk_marks": marks_of(added_up(tickets.desk.risks_of(seen).values())), "has_links": bool(seen)}
