"""Tickets of our own Desk, for the seam. Rights are the Desk's: every change goes through its actions with the person who acts.

Someone without a seat may read what belongs to a record they see in the CRM (spec P4). Which tickets those are is the bridge's
business (`owned_by`); here, reading asks only for the departments that a seated person is limited to.
"""

from functools import cached_property

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from kakehashi.bridge.sides.tickets import TicketRights
from kakehashi.core.actors import Actor
from kakehashi.core.errors import NotAllowed, NotFound
from kakehashi.desk.portals.access import DeskAccess
from kakehashi.desk.portals.rights import Rights, is_trusted, rights_of, rights_of_actor
from kakehashi.desk.tickets.models import Ticket
from kakehashi.desk.tickets.queries import live_row, ticket_rows

from .desk_ticket_lists import DeskTicketLists


class DeskTickets(DeskTicketLists):
    """What the parts of `DeskSide` that are about single tickets begin with, for one portal."""

    def rights(self, actor: Actor) -> TicketRights:
        rights = self._rights(actor)
        return TicketRights(
            has_desk_account=rights.has_seat,
            may_read=True,
            may_comment=rights.may_comment,
            may_comment_publicly=rights.may_comment_publicly,
            may_reply=rights.may_reply,
            may_forward=rights.may_forward,
            may_create=rights.may_create,
            may_update=rights.may_update,
            may_assign=rights.may_assign,
            may_bulk=rights.may_bulk,
            may_delete=rights.may_delete,
        )

    def _rights(self, actor: Actor) -> Rights:
        if is_trusted(actor):
            return rights_of_actor(self.portal, actor)
        access = self._access(actor)
        return access.rights if access else rights_of(None)

    def _ticket(self, ticket_id: int, access: DeskAccess | None) -> Ticket:
        """A live ticket, read once for each page; a seated person's departments decide here as in the Desk itself."""
        key = (ticket_id, access.agent.pk if access else 0)
        if found := self._tickets.get(key):
            return found
        ticket = live_row(self.portal.pk, ticket_id)
        if ticket is None or (access and not access.sees(ticket.department_id)):
            raise NotFound
        ticket.portal = self.portal
        self._tickets[key] = ticket
        return ticket

    @cached_property
    def _tickets(self) -> dict[tuple[int, int], Ticket]:
        """Emptied by whatever changes one."""
        return {}

    def _within(self, access: DeskAccess | None) -> QuerySet[Ticket]:
        tickets = ticket_rows().filter(portal=self.portal)
        if access and access.department_ids is not None:
            tickets = tickets.filter(department_id__in=access.department_ids)
        return tickets

    def _seat(self, actor: Actor, right: str) -> DeskAccess:
        """The seat of who acts. Raises `NotAllowed` for one without the right, and for somebody without a seat."""
        access = self._access(actor)
        if access is None:
            raise NeedsDeskAccount
        access.require(right)
        return access


class NeedsDeskAccount(NotAllowed):
    code = "needs_desk_account"
    message = _("You need an agent's account in the Desk to do this.")
