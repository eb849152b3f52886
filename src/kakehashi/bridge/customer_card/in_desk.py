"""What the CRM knows of a customer, on the Desk's pages (spec X7): account, contact, open deals, notes, signals – by rights."""

from collections.abc import Sequence
from dataclasses import dataclass

from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.customer_types.knowing import known_of
from kakehashi.bridge.deal_links.queries import seen_in_desk
from kakehashi.bridge.sides.crm_cards import NoteLine, RecordCard, SignalCount
from kakehashi.bridge.sides.customer_types import OpenTicket
from kakehashi.bridge.sides.deals import Deal, soonest
from kakehashi.bridge.sides.directory import crm_side
from kakehashi.core.actors import Actor

MOST_DEALS = 5
MOST_NOTES = 3
_MOST_LOOKED_AT = 200


@dataclass(frozen=True, slots=True)
class CrmCard:
    """`is_known`: the CRM has this customer, whether this person sees them there or not. `is_member`: this person works in the CRM."""

    is_known: bool
    is_member: bool
    records: Sequence[RecordCard] = ()
    deals: Sequence[Deal] = ()
    more_deals: int = 0
    notes: Sequence[NoteLine] = ()
    signals: SignalCount | None = None


def card_of(connection: Connection, customer: OpenTicket, actor: Actor) -> CrmCard:
    """A few queries, however much there is."""
    crm = crm_side(connection.org_id)
    known = known_of(connection, [customer])[customer.id]
    is_member = crm.has_member(actor.person_id or 0)
    see = seen_in_desk(connection, crm, actor)
    newest = sorted(known.records.get("Deals", ()), reverse=True)[:_MOST_LOOKED_AT]
    deals = sorted((one for one in see(newest).values() if one.is_open), key=soonest) if newest else []
    if not is_member:
        return CrmCard(bool(known), is_member, deals=deals[:MOST_DEALS], more_deals=max(0, len(deals) - MOST_DEALS))
    modules = ("Accounts", "Contacts", "Leads")
    return CrmCard(
        is_known=bool(known),
        is_member=is_member,
        records=[one for name in modules for one in crm.record_cards(name, known.records.get(name, ()), actor)],
        deals=deals[:MOST_DEALS],
        more_deals=max(0, len(deals) - MOST_DEALS),
        notes=crm.latest_notes(known.ids, actor, limit=MOST_NOTES),
        signals=crm.own_signals(known.ids, actor),
    )
