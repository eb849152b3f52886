"""What customers think of how they were served: good, okay or bad, with their words."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kakehashi.core import clock
from kakehashi.core.actors import Actor
from kakehashi.core.errors import InvalidValues
from kakehashi.core.events.log import Fact, write_fact
from kakehashi.desk.tickets.actions import lock_tickets, save_ticket
from kakehashi.desk.tickets.models import Rating, Ticket
from kakehashi.desk.tickets.tallies import kept_figures


@transaction.atomic
def rate_ticket(ticket: Ticket, *, rating: str, comment: str = "", actor: Actor, at: datetime | None = None) -> Ticket:
    """The customer's judgement; a later one takes the place of an earlier one. Raises `InvalidValues`."""
    if rating not in Rating.values:
        raise InvalidValues({"rating": _("There is no such choice.")})
    ticket = lock_tickets(ticket.portal, [ticket.pk])[0]
    with kept_figures(ticket.portal, [ticket]):
        ticket.rating, ticket.rating_comment, ticket.rated_at = rating, comment.strip(), at or clock.now()
        save_ticket(ticket)
    data = {"rating": rating}
    write_fact(Fact(ticket.portal.tenant, "desk.ticket.rated", "desk.ticket", ticket.pk, data), actor)
    return ticket
