"""A ticket that belongs to no deal, of a customer with just one open deal: it is probably about that one."""

from collections.abc import Sequence

from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.sides.deals import Deal, TicketCustomer
from kakehashi.bridge.sides.protocols import CrmSide, DeskSide
from kakehashi.bridge.sync.links import crm_ids_of
from kakehashi.core.actors import Actor

from .models import TurnedDown
from .queries import deal_ids_of


def suggestion_for(connection: Connection, crm: CrmSide, desk: DeskSide, ticket_id: int, actor: Actor) -> Deal | None:
    """The one open deal of an unsolved ticket's customer, if this person sees it and nobody has turned it down."""
    customer = desk.visible_tickets([ticket_id], actor).get(ticket_id)
    if customer is None or customer.is_closed or deal_ids_of(connection, desk, [ticket_id]):
        return None
    found = customer_deals(connection, crm, customer, connection.integration(crm.name))
    if len(found) != 1:
        return None
    turned_down = TurnedDown.objects.filter(connection=connection, ticket_id=ticket_id, deal_id=found[0].id)
    return None if turned_down.exists() else crm.deals([found[0].id], actor).get(found[0].id)


def customer_deals(connection: Connection, crm: CrmSide, customer: TicketCustomer, actor: Actor) -> Sequence[Deal]:
    """The open deals of the contact and account that a ticket is of, as this person may see them."""
    contacts = crm_ids_of(connection, "contacts", [customer.contact_id]) if customer.contact_id else {}
    accounts = crm_ids_of(connection, "accounts", [customer.account_id]) if customer.account_id else {}
    return crm.customer_deals(list(contacts.values()), list(accounts.values()), actor)
