"""Following tickets. Everybody with a seat may follow what they see; adding and removing others is part of changing a ticket."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kakehashi.core.actors import Actor
from kakehashi.core.errors import InvalidValues
from kakehashi.core.events.log import Fact, write_facts
from kakehashi.desk.portals.models import Agent
from kakehashi.desk.portals.queries import agents_seeing
from kakehashi.desk.portals.rights import require
from kakehashi.desk.tickets.actions import lock_tickets
from kakehashi.desk.tickets.models import Ticket

from .models import TicketFollower

MOST_FOLLOWERS = 50


@transaction.atomic
def add_followers(ticket: Ticket, *, agents: Sequence[Agent], actor: Actor) -> list[Agent]:
    """Those who did not follow it yet. Raises `InvalidValues` for one who may not see the ticket, or where there are too many."""
    _guard(ticket, agents, actor)
    lock_tickets(ticket.portal, [ticket.pk])
    ids = [agent.pk for agent in agents]
    seeing = agents_seeing(ticket.portal, ticket.department_id).filter(pk__in=ids)
    if set(seeing.values_list("pk", flat=True)) != set(ids):
        raise InvalidValues({"add": _("There is no such choice.")})
    known = set(TicketFollower.objects.filter(ticket=ticket).values_list("agent_id", flat=True))
    new = [agent for agent in agents if agent.pk not in known]
    if len(known) + len(new) > MOST_FOLLOWERS:
        raise InvalidValues({"add": _("At most %(limit)s people follow a ticket.") % {"limit": MOST_FOLLOWERS}})
    _add(ticket, new, actor)
    return new


def follow_when_mentioned(ticket: Ticket, agents: Sequence[Agent], actor: Actor) -> None:
    """For a locked ticket and people who may see it, whoever wrote the comment; no more than there is room for."""
    known = set(TicketFollower.objects.filter(ticket=ticket).values_list("agent_id", flat=True))
    new = [agent for agent in agents if agent.pk not in known and agent.person_id != actor.person_id]
    _add(ticket, new[: MOST_FOLLOWERS - len(known)], actor)


@transaction.atomic
def remove_followers(ticket: Ticket, *, agents: Sequence[Agent], actor: Actor) -> None:
    _guard(ticket, agents, actor)
    held = TicketFollower.objects.filter(ticket=ticket, agent__in=agents)
    gone = set(held.values_list("agent_id", flat=True))
    held.delete()
    _tell(ticket, [agent for agent in agents if agent.pk in gone], "follower_removed", actor)


def _guard(ticket: Ticket, agents: Sequence[Agent], actor: Actor) -> None:
    is_only_oneself = all(agent.person_id == actor.person_id for agent in agents)
    require(ticket.portal, actor, "may_read" if is_only_oneself else "may_update")


def _add(ticket: Ticket, agents: Sequence[Agent], actor: Actor) -> None:
    TicketFollower.objects.bulk_create(
        TicketFollower(ticket=ticket, agent=agent, added_by_name=_named(agent, actor)) for agent in agents
    )
    _tell(ticket, agents, "follower_added", actor)


def _named(agent: Agent, actor: Actor) -> str:
    return "" if agent.person_id == actor.person_id else actor.name


def _tell(ticket: Ticket, agents: Sequence[Agent], topic: str, actor: Actor) -> None:
    facts = [
        Fact(
            ticket.portal.tenant,
            f"desk.ticket.{topic}",
            "desk.ticket",
            ticket.pk,
            {"name": agent.name, "is_own": agent.person_id == actor.person_id},
        )
        for agent in agents
    ]
    write_facts(facts, actor)
