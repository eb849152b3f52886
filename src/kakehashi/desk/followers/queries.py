from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from kakehashi.core.fixed_reads import fixed_read
from kakehashi.desk.portals.models import Agent
from kakehashi.desk.portals.queries import seeing
from kakehashi.desk.tickets.models import Ticket

from .models import TicketFollower


def followers_of(ticket: Ticket) -> list[Agent]:
    """Those who follow a ticket and may see it now, in the order in which they began."""
    return followers_and_others(ticket)[0]


def followers_and_others(ticket: Ticket) -> tuple[list[Agent], list[Agent]]:
    """The same, and by name whoever else may see it; one query."""
    marked = [(agent.followed, agent) for agent in _marked(ticket.pk, ticket.portal_id, ticket.department_id)]
    followers = sorted(((place, agent) for place, agent in marked if place), key=lambda pair: pair[0])
    return [agent for _place, agent in followers], [agent for place, agent in marked if not place]


@fixed_read
def _marked(ticket_id: int, portal_id: int, department_id: int) -> QuerySet[Any]:
    """By name; `followed` tells the place of those who follow."""
    followed = TicketFollower.objects.filter(ticket_id=ticket_id, agent=OuterRef("pk")).values("pk")[:1]
    rows = seeing(portal_id, department_id).annotate(followed=Subquery(followed))
    return rows.order_by("person__family_name", "person__given_name", "pk")
