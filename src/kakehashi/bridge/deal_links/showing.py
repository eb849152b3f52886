"""The deals of one ticket as its page and its sheet show them, and the choice of deals to link to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.sides.deals import Deal
from kakehashi.bridge.sides.protocols import CrmSide, DeskSide
from kakehashi.core.actors import Actor
from kakehashi.ui.templatetags.ui_words import numeric_day

from .queries import See, deals_of
from .suggesting import customer_deals, suggestion_for

TEMPLATES = "bridge/deal_links/templates"
_MOST_CHOICES = 20


@dataclass(frozen=True, slots=True)
class DealUrls:
    """Where the parts of a page go: the list again, the dialogs, and what they post to."""

    here: str
    linking: str
    unlinking: str
    links: str
    refusals: str


def panel_context(
    connection: Connection, sides: tuple[CrmSide, DeskSide], ticket_id: int, actor: Actor, see: See, urls: DealUrls
) -> dict[str, Any]:
    """The deals of a ticket, and the one that it may belong to."""
    crm, desk = sides
    may_link = desk.rights(actor).may_update and crm.has_member(actor.person_id or 0)
    deals = deals_of(connection, desk, [ticket_id], see).get(ticket_id, ())
    return {
        "deals": deals,
        "suggestion": suggestion_for(connection, crm, desk, ticket_id, actor) if may_link and not deals else None,
        "may_link_deals": may_link,
        "deal_urls": urls,
        "deal_ticket_id": ticket_id,
    }


def choices(
    connection: Connection, sides: tuple[CrmSide, DeskSide], ticket_ids: Sequence[int], text: str, actor: Actor
) -> list[dict[str, str]]:
    """For the search box: the customers' open deals first, then whatever the words find."""
    crm, desk = sides
    found: list[Deal] = []
    for customer in dict.fromkeys(desk.visible_tickets(ticket_ids, actor).values()):
        found += customer_deals(connection, crm, customer, actor)
    words = text.casefold().split()
    own = [deal for deal in found if all(word in deal.name.casefold() for word in words)]
    others = crm.search_deals(text, actor, limit=_MOST_CHOICES)
    by_id = {deal.id: deal for deal in (*own, *others)}
    return [as_choice(deal) for deal in list(by_id.values())[:_MOST_CHOICES]]


def as_choice(deal: Deal) -> dict[str, str]:
    return {"value": str(deal.id), "text": deal.name, "hint": hint_of(deal)}


def hint_of(deal: Deal) -> str:
    """What tells two deals of one name apart: "Proposal · 2026/12/18 · Tsukimizaka"."""
    closing = numeric_day(deal.closing) if deal.closing else ""
    return _(" · ").join(str(part) for part in (deal.stage, closing, deal.account_name) if part)


def linked_deals(deals: Mapping[int, Sequence[Deal]]) -> list[tuple[Deal, int]]:
    """The deals of several tickets, each with how many of them it has."""
    counts: dict[int, tuple[Deal, int]] = {}
    for deal in _flat(deals.values()):
        counts[deal.id] = (deal, counts.get(deal.id, (deal, 0))[1] + 1)
    return list(counts.values())


def _flat(deals: Iterable[Sequence[Deal]]) -> Iterable[Deal]:
    return (deal for some in deals for deal in some)
