from django.db.models import OuterRef, Subquery

from kakehashi.desk.portals.models import Agent
from kakehashi.desk.portals.queries import agents_seeing
from kakehashi.desk.tickets.models import Ticket

from .models import TicketFollower


def followers_of(ticket: Ticket) -> list[Agent]:
    """Those who follow a ticket and may see it now, in the order in which they began."""
    return followers_and_others(ticket)[0]


def followers_and_others(ticket: Ticket) -> tuple[list[Agent], list[Agent]]:
    """The same, and by name whoever else may see it; one query."""
    followed = TicketFollower.objects.filter(ticket=ticket, agent=OuterRef("pk")).values("pk")[:1]
    seeing = agents_seeing(ticket.portal, ticket.department_id).annotate(followed=Subquery(followed))
    marked = [(agent.followed, agent) for agent in seeing.order_by("person__family_name", "person__given_name", "pk")]
    followers = sorted(((place, agent) for place, agent in marked if place), key=lambda pair: pair[0])
    return [agent for _place, agent in followers], [agent for place, agent in marked if not place]
