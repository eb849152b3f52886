"""What a ticket's page says of its followers."""

from collections.abc import Sequence
from dataclasses import dataclass

from kakehashi.desk.portals.access import DeskAccess
from kakehashi.desk.portals.models import Agent
from kakehashi.desk.tickets.models import Ticket

from .queries import followers_and_others


@dataclass(frozen=True, slots=True)
class Following:
    """`others` may still be added by whoever may change the ticket."""

    agents: Sequence[Agent]
    others: Sequence[Agent]
    is_mine: bool
    may_add: bool


def following_of(access: DeskAccess, ticket: Ticket) -> Following:
    agents, rest = followers_and_others(ticket)
    is_mine = any(agent.pk == access.agent.pk for agent in agents)
    may_add = access.rights.may_update and ticket.deleted_at is None
    others = [agent for agent in rest if agent.pk != access.agent.pk] if may_add else []
    return Following(agents, others, is_mine, may_add)
