"""The deals of a ticket in its sheet over a CRM record."""

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from kakehashi.bridge.ticket_panel.access import RecordTickets

from .queries import seen_in_crm
from .showing import DealUrls, panel_context


def deals_context(tickets: RecordTickets, ticket_id: int) -> dict[str, Any]:
    sides, see = (tickets.crm, tickets.desk), seen_in_crm(tickets.crm, tickets.actor)
    chosen = urlencode({"selected": ticket_id})
    urls = DealUrls(
        here=reverse("record_ticket_deals", args=[*tickets.address, ticket_id]),
        linking=f"{url_of('record_deal_linking', tickets)}?{chosen}",
        unlinking=f"{url_of('record_deal_unlinking', tickets)}?{chosen}",
        links=url_of("record_deal_links", tickets),
        refusals=url_of("record_deal_refusals", tickets),
    )
    return panel_context(tickets.connection, sides, ticket_id, tickets.actor, see, urls)


def url_of(name: str, tickets: RecordTickets) -> str:
    return reverse(name, args=tickets.address)
