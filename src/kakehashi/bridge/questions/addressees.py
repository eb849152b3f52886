"""Whom one may ask about a ticket: the owners of the customer's account and contact and of the ticket's deals."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.deal_links.queries import deal_ids_of, seen_in_desk
from kakehashi.bridge.sides.protocols import CrmSide, DeskSide
from kakehashi.bridge.sides.questions import AskedTicket, Place
from kakehashi.bridge.sync.links import crm_ids_of
from kakehashi.core.actors import Actor


@dataclass(frozen=True, slots=True)
class Addressee:
    """The owner of a record. `key` is what a form sends."""

    module: str
    record_id: int
    record_name: str
    person_id: int
    name: str

    @property
    def key(self) -> str:
        return f"{self.module}:{self.record_id}"


def addressees_of(
    connection: Connection, crm: CrmSide, desk: DeskSide, ticket: AskedTicket, actor: Actor
) -> Sequence[Addressee]:
    """The account's owner first. Records that nobody active owns are left out, and deals that the asker may not know of."""
    places = list(_places(connection, crm, desk, ticket, actor))
    owners = crm.owners(places) if places else {}
    return [
        Addressee(*place, owners[place].record_name, owners[place].person_id, owners[place].name)
        for place in places
        if place in owners
    ]


def _places(connection: Connection, crm: CrmSide, desk: DeskSide, ticket: AskedTicket, actor: Actor) -> Iterator[Place]:
    if ticket.account_id:
        for account_id in crm_ids_of(connection, "accounts", [ticket.account_id]).values():
            yield "Accounts", account_id
    if ticket.contact_id:
        for contact_id in crm_ids_of(connection, "contacts", [ticket.contact_id]).values():
            yield "Contacts", contact_id
    deal_ids = deal_ids_of(connection, desk, [ticket.id]).get(ticket.id, ())
    seen = seen_in_desk(connection, crm, actor)(deal_ids) if deal_ids else {}
    for deal_id in dict.fromkeys(deal.id for deal in seen.values()):
        yield "Deals", deal_id
