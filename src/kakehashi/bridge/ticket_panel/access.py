"""The tickets of one CRM record, as one person may see and touch them.

Three gates stand before every page of the panel: the CRM says whether this person sees the record; the connection, whether people without a
Desk account see its tickets (spec P4); and the ticket must belong to the record's customer. What may then be done with it is the Desk's word
(`rights`, and every call carries the person).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from kakehashi.bridge.connection.models import Connection, SeatlessSight
from kakehashi.bridge.related_lists.queries import connection_showing, emails_of, party_of
from kakehashi.bridge.sides.directory import crm_side, desk_side
from kakehashi.bridge.sides.protocols import CrmSide, DeskSide
from kakehashi.bridge.sides.records import SideRecord
from kakehashi.bridge.sides.tickets import Party, TicketRights
from kakehashi.bridge.signals.choosing import rings_for
from kakehashi.core.actors import Actor
from kakehashi.core.errors import NotFound
from kakehashi.core.once import asked_once


@dataclass(frozen=True)
class RecordTickets:
    connection: Connection
    actor: Actor
    crm: CrmSide
    desk: DeskSide
    record: SideRecord

    @cached_property
    def party(self) -> Party:
        """Whose tickets these are: nobody's for who may not see them."""
        return party_of(self.connection, self.crm, self.record) if self.are_shown else Party()

    @cached_property
    def rights(self) -> TicketRights:
        return self.desk.rights(self.actor)

    @cached_property
    def are_shown(self) -> bool:
        """Whoever has a Desk account sees what the Desk lets them see; for the others the connection says."""
        is_owner = self.record.values.get("Owner") == self.actor.person_id
        return shows_tickets(self.connection, self.rights, is_owner=is_owner)

    @property
    def address(self) -> tuple[int, str, int]:
        """The arguments of every URL of this panel."""
        return (self.connection.org_id, self.record.module, self.record.id)

    @cached_property
    def crm_url(self) -> str:
        """The record's own page."""
        return self.crm.record_url(self.record.module, self.record.id)

    @cached_property
    def emails(self) -> tuple[str, ...]:
        return emails_of(self.crm, self.record)

    def require_own(self, ticket_ids: Sequence[int]) -> None:
        """Raises `NotFound` for tickets that are not this customer's."""
        if not set(ticket_ids) <= self.desk.owned_by(self.party, ticket_ids):
            raise NotFound


def shows_tickets(connection: Connection, rights: TicketRights, *, is_owner: bool) -> bool:
    """To somebody with these rights, of a record that they own or do not."""
    if rights.has_desk_account or connection.seatless_sight == SeatlessSight.ALL:
        return True
    return is_owner and connection.seatless_sight == SeatlessSight.OWN


def tickets_of(org_id: int, module: str, record_id: int, actor: Actor) -> RecordTickets:
    """Raises `NotFound`: nothing connected, a module that neither shows tickets nor rings for them, or a record or tickets that this
    person does not see.
    """
    connection = connection_showing(org_id, module) or rings_for(org_id, module)
    tickets = _tickets(connection, module, record_id, actor)
    if not tickets.are_shown:
        raise NotFound
    return tickets


def block_of(org_id: int, module: str, record_id: int, actor: Actor) -> RecordTickets:
    """The same for the block itself, which says so where its tickets are not shown."""
    return _tickets(connection_showing(org_id, module), module, record_id, actor)


@asked_once
def _tickets(connection: Connection | None, module: str, record_id: int, actor: Actor) -> RecordTickets:
    if connection is None:
        raise NotFound
    crm = crm_side(connection.org_id)
    record = crm.visible(module, record_id, actor)
    return RecordTickets(connection, actor, crm, desk_side(connection.portal_id), record)
