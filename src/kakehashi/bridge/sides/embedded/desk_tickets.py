"""Tickets of our own Desk, for the seam. Rights are the Desk's: every change goes through its actions with the person who acts.

Someone without a seat may read what belongs to a record they see in the CRM (spec P4). Which tickets those are is the bridge's
business (`owned_by`); here, reading asks only for the departments that a seated person is limited to.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from kakehashi.bridge.sides.records import Value
from kakehashi.bridge.sides.tickets import (
    Choice,
    Party,
    TicketDetail,
    TicketDraft,
    TicketField,
    TicketFilter,
    TicketPage,
    TicketRights,
    TicketStatistics,
    Upload,
)
from kakehashi.core.actors import Actor
from kakehashi.core.attachments.models import Attachment
from kakehashi.core.errors import InvalidValues, NotFound
from kakehashi.desk.conversations.models import TicketAttachment
from kakehashi.desk.conversations.uploads import NewFile
from kakehashi.desk.customers.models import Account, Contact
from kakehashi.desk.portals.access import DeskAccess, find_access
from kakehashi.desk.portals.models import Department, Portal
from kakehashi.desk.portals.rights import rights_of_actor
from kakehashi.desk.tickets.actions import close_tickets, delete_tickets, open_ticket, restore_tickets, update_tickets
from kakehashi.desk.tickets.models import Ticket
from kakehashi.desk.tickets.queries import customer_tickets, ticket_rows, with_contacts_of
from kakehashi.desk.tickets.statistics import customer_statistics
from kakehashi.identity.people.models import Person

from .ticket_detail import detail_of
from .ticket_fields import contact_choices, department_choices, fields_for
from .ticket_rows import row_of

_FILTERS: tuple[TicketFilter, ...] = ("all", "open", "overdue", "closed", "escalated", "high_priority", "mine")


@dataclass(frozen=True)
class DeskTickets:
    """Implements the ticket part of `DeskSide` for one portal."""

    portal: Portal

    def rights(self, actor: Actor) -> TicketRights:
        rights = rights_of_actor(self.portal, actor)
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
            may_delete=rights.may_delete,
        )

    def departments(self) -> Sequence[Choice]:
        return department_choices(self.portal)

    def ticket_fields(self, actor: Actor) -> Sequence[TicketField]:
        access = self._access(actor)
        return fields_for(access) if access and access.rights.may_update else []

    def list_tickets(
        self, party: Party, actor: Actor, *, show: TicketFilter = "all", limit: int = 25, offset: int = 0
    ) -> TicketPage:
        access = self._access(actor)
        contacts = with_contacts_of(self.portal, party.contact_ids, party.emails)
        departments = list(access.department_ids) if access and access.department_ids is not None else None
        agent_id = access.agent.pk if access else None
        found = customer_tickets(
            self.portal,
            contact_ids=contacts,
            account_ids=party.account_ids,
            show=show,
            agent_id=agent_id,
            limit=limit,
            offset=offset,
            department_ids=departments,
        )
        counts = customer_statistics(
            self.portal,
            contact_ids=contacts,
            account_ids=party.account_ids,
            agent_id=agent_id,
            department_ids=departments,
        ).counts()
        return TicketPage(
            rows=tuple(row_of(ticket) for ticket in found.rows),
            total=counts[show],
            counts={name: counts[name] for name in _FILTERS},
        )

    def owned_by(self, party: Party, ticket_ids: Sequence[int]) -> frozenset[int]:
        contacts = set(with_contacts_of(self.portal, party.contact_ids, party.emails))
        accounts = set(party.account_ids)
        rows = Ticket.objects.filter(portal=self.portal, pk__in=ticket_ids)
        return frozenset(
            pk
            for pk, contact_id, account_id in rows.values_list("pk", "contact_id", "account_id")
            if contact_id in contacts or account_id in accounts
        )

    def read_ticket(self, ticket_id: int, actor: Actor) -> TicketDetail:
        access = self._access(actor)
        return detail_of(self._ticket(ticket_id, access), self.rights(actor), access)

    def read_attachment(self, ticket_id: int, attachment_id: int, actor: Actor) -> Attachment:
        ticket = self._ticket(ticket_id, self._access(actor))
        link = TicketAttachment.objects.select_related("attachment").filter(ticket=ticket, attachment_id=attachment_id)
        if (found := link.first()) is None:
            raise NotFound
        return found.attachment

    def search_contacts(self, text: str, actor: Actor, *, limit: int = 10) -> Sequence[Choice]:
        access = self._access(actor)
        return contact_choices(access, text, limit) if access else []

    def create_ticket(self, draft: TicketDraft, actor: Actor) -> int:
        department = Department.objects.filter(portal=self.portal, pk=draft.department_id).first()
        if department is None:
            raise InvalidValues({"departmentId": _("Choose a department.")})
        ticket = open_ticket(
            self.portal,
            department=department,
            subject=draft.subject,
            description_html=draft.description_html,
            contact=self._contact(draft.contact_id),
            contact_email=draft.contact_email,
            contact_last_name=draft.contact_last_name,
            contact_first_name=draft.contact_first_name,
            account=self._account(draft.account_id),
            values=dict(draft.values),
            uploads=_new_files(draft.uploads),
            actor=actor,
        )
        return ticket.pk

    def update_tickets(self, ticket_ids: Sequence[int], values: Mapping[str, Value], actor: Actor) -> None:
        self._require_sight(ticket_ids, actor)
        update_tickets(self.portal, ticket_ids=ticket_ids, values=values, actor=actor)

    def close_tickets(self, ticket_ids: Sequence[int], actor: Actor) -> None:
        self._require_sight(ticket_ids, actor)
        close_tickets(self.portal, ticket_ids=ticket_ids, actor=actor)

    def delete_tickets(self, ticket_ids: Sequence[int], actor: Actor) -> None:
        self._require_sight(ticket_ids, actor)
        delete_tickets(self.portal, ticket_ids=ticket_ids, actor=actor)

    def restore_tickets(self, ticket_ids: Sequence[int], actor: Actor) -> None:
        self._require_sight(ticket_ids, actor)
        restore_tickets(self.portal, ticket_ids=ticket_ids, actor=actor)

    def statistics(self, party: Party, actor: Actor) -> TicketStatistics:
        figures = customer_statistics(
            self.portal, contact_ids=party.contact_ids, account_ids=party.account_ids, emails=party.emails
        )
        return TicketStatistics(
            total=figures.total,
            open=figures.open,
            overdue=figures.overdue,
            closed=figures.closed,
            first_response_seconds=figures.first_response_seconds,
            resolution_seconds=figures.resolution_seconds,
            good=figures.good,
            okay=figures.okay,
            bad=figures.bad,
        )

    def _access(self, actor: Actor) -> DeskAccess | None:
        """The seat of the person who acts; None for someone without one."""
        person = Person.objects.filter(pk=actor.person_id).first() if actor.person_id else None
        if person is None:
            return None
        try:
            return find_access(person, self.portal.pk)
        except NotFound:
            return None

    def _ticket(self, ticket_id: int, access: DeskAccess | None) -> Ticket:
        """A live ticket; a seated person's departments decide here as in the Desk itself."""
        ticket = self._within(access).filter(pk=ticket_id, deleted_at=None).first()
        if ticket is None:
            raise NotFound
        ticket.portal = self.portal
        return ticket

    def _within(self, access: DeskAccess | None) -> QuerySet[Ticket]:
        tickets = ticket_rows().filter(portal=self.portal)
        if access and access.department_ids is not None:
            tickets = tickets.filter(department_id__in=access.department_ids)
        return tickets

    def _require_sight(self, ticket_ids: Sequence[int], actor: Actor) -> None:
        """Raises `NotFound` for tickets of departments that are not this person's."""
        wanted = set(ticket_ids)
        if self._within(self._access(actor)).filter(pk__in=wanted).count() != len(wanted):
            raise NotFound

    def _contact(self, contact_id: int | None) -> Contact | None:
        if contact_id is None:
            return None
        contact = Contact.objects.filter(portal=self.portal, pk=contact_id, deleted_at=None).first()
        if contact is None:
            raise InvalidValues({"contactId": _("There is no such contact any more.")})
        return contact

    def _account(self, account_id: int | None) -> Account | None:
        if account_id is None:
            return None
        account = Account.objects.filter(portal=self.portal, pk=account_id, deleted_at=None).first()
        if account is None:
            raise InvalidValues({"accountId": _("There is no such account any more.")})
        return account


def _new_files(uploads: Sequence[Upload]) -> list[NewFile]:
    return [NewFile(one.name, one.content_type, one.content) for one in uploads]
