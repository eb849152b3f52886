"""Questions about tickets of our own Desk, for the seam."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from kakehashi.bridge.sides.questions import AskedTicket, DueHours
from kakehashi.core import clock
from kakehashi.core.actors import Actor
from kakehashi.core.errors import NotFound
from kakehashi.desk.business_hours.queries import hours_of
from kakehashi.desk.conversations.actions import add_comment
from kakehashi.desk.notices.actions import notify_people
from kakehashi.desk.portals.queries import active_agents
from kakehashi.desk.tickets.models import Ticket

from .desk_deals import DeskDeals


class DeskAsking(DeskDeals):
    """Implements `AskingSide` for one portal."""

    @property
    def language(self) -> str:
        return self.portal.language

    def asked_ticket(self, ticket_id: int, actor: Actor) -> AskedTicket:
        lives = self.living_tickets([ticket_id]).get(ticket_id)
        if lives is None:
            raise NotFound
        ticket = self._ticket(lives, self._access(actor))
        return AskedTicket(ticket.pk, ticket.number, ticket.subject, ticket.contact_id, ticket.account_id)

    def due_hours(self, ticket_id: int, hours: Sequence[int]) -> DueHours:
        ticket = self._own().filter(pk=ticket_id).only("department_id", "account_id").first()
        if ticket is None:
            raise NotFound
        known = hours_of(self.portal)
        time, now = known.time_for(ticket.department_id, ticket.account_id), clock.now()
        calendar = known.calendar_for(ticket.department_id, ticket.account_id)
        moments = [(one, moment) for one in hours if (moment := time.after(now, one * 3600))]
        words = _("Business hours: %(name)s") % {"name": calendar.name} if calendar else _("Every hour counts")
        return DueHours(words, tuple(moments))

    def remark(self, ticket_id: int, html: str, actor: Actor) -> None:
        add_comment(self._ticket(ticket_id, None), html=html, actor=actor)

    def tell_of_answer(self, ticket_id: int, person_id: int, data: Mapping[str, Any]) -> None:
        agent = active_agents(self.portal).filter(person_id=person_id).first()
        ticket = (
            Ticket.objects.select_related("department__answers_from").filter(portal=self.portal, pk=ticket_id).first()
        )
        if agent and ticket:
            notify_people(ticket, people=[agent.person], kind="question_answered", data=data)
