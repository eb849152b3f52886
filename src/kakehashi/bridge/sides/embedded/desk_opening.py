"""Opening tickets in our own Desk, for the seam."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from kakehashi.bridge.sides.tickets import Choice, Suggestion, TicketDraft, TicketField
from kakehashi.core.actors import Actor
from kakehashi.core.errors import InvalidValues
from kakehashi.desk.conversations.uploads import NewFile, images_in, name_images, own_uploads
from kakehashi.desk.conversations.uploads import Upload as StoredOrNew
from kakehashi.desk.customers.models import Account, Contact
from kakehashi.desk.customers.queries import visible_accounts, visible_contacts
from kakehashi.desk.portals.access import DeskAccess
from kakehashi.desk.portals.models import Department
from kakehashi.desk.reply_templates.queries import offered_templates
from kakehashi.desk.tickets.actions import open_ticket
from kakehashi.desk.tickets.models import Ticket
from kakehashi.desk.tickets.once import made_once

from .desk_tickets import DeskTickets
from .ticket_fields import account_choices, contact_choices, department_choices, fields_for, fields_of_department

_MOST_OFFERED = 8


class DeskOpening(DeskTickets):
    """Implements the part of `DeskSide` that opens tickets, for one portal."""

    def departments(self) -> Sequence[Choice]:
        return department_choices(self.portal)

    def ticket_fields(self, actor: Actor, department_id: int | None = None) -> Sequence[TicketField]:
        access = self._access(actor)
        if access is None or not (access.rights.may_update or access.rights.may_create):
            return []
        return fields_for(access) if department_id is None else fields_of_department(access, department_id)

    def search_contacts(self, text: str, actor: Actor, *, limit: int = 10) -> Sequence[Choice]:
        access = self._access(actor)
        return contact_choices(access, text, limit) if access else []

    def search_accounts(self, text: str, actor: Actor, *, limit: int = 10) -> Sequence[Choice]:
        access = self._access(actor)
        return account_choices(access, text, limit) if access else []

    def create_ticket(self, draft: TicketDraft, actor: Actor) -> int:
        access = self._seat(actor, "may_create")
        return made_once(
            self.portal, access.person.pk, draft.key, "ticket", lambda: self._open(access, draft, actor)
        ).pk

    def suggest_for_new(self, kind: str, text: str, draft: TicketDraft, actor: Actor) -> Sequence[Suggestion]:
        access = self._seat(actor, "may_create")
        department = self._department(draft.department_id)
        if kind != "template" or department is None:
            return []
        ticket = Ticket(portal=self.portal, department=department, subject=draft.subject)
        ticket.contact = visible_contacts(access).filter(pk=draft.contact_id or 0).first()
        ticket.account = visible_accounts(access).filter(pk=draft.account_id or 0).first()
        found = offered_templates(ticket, text, actor.name, _MOST_OFFERED)
        return [Suggestion(name, language, html=html) for name, language, html in found]

    def _open(self, access: DeskAccess, draft: TicketDraft, actor: Actor) -> Ticket:
        department = self._department(draft.department_id)
        if department is None:
            raise InvalidValues({"departmentId": _("Choose a department.")})
        html = name_images(draft.description_html)
        return open_ticket(
            self.portal,
            department=department,
            subject=draft.subject,
            description_html=html,
            contact=self._contact(access, draft.contact_id),
            contact_email=draft.contact_email,
            contact_last_name=draft.contact_last_name,
            contact_first_name=draft.contact_first_name,
            account=self._account(access, draft.account_id),
            values=dict(draft.values),
            uploads=self._files(draft, html, actor),
            actor=actor,
        )

    def _files(self, draft: TicketDraft, html: str, actor: Actor) -> Sequence[StoredOrNew]:
        new = [NewFile(one.name, one.content_type, one.content) for one in draft.uploads]
        return [*new, *own_uploads(self.portal, actor, [*images_in(html), *draft.kept])]

    def _department(self, department_id: int) -> Department | None:
        return Department.objects.filter(portal=self.portal, pk=department_id, is_enabled=True).first()

    def _contact(self, access: DeskAccess, contact_id: int | None) -> Contact | None:
        if contact_id is None:
            return None
        if (found := visible_contacts(access).filter(pk=contact_id).first()) is None:
            raise InvalidValues({"contactId": _("There is no such contact any more.")})
        return found

    def _account(self, access: DeskAccess, account_id: int | None) -> Account | None:
        if account_id is None:
            return None
        if (found := visible_accounts(access).filter(pk=account_id).first()) is None:
            raise InvalidValues({"accountId": _("There is no such account any more.")})
        return found
