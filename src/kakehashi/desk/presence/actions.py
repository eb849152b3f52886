"""Saying that one is at a ticket. Nothing of this is history: pages hear of it, no event is kept."""

from django.db import transaction

from kakehashi.core import clock
from kakehashi.core.events.log import tell_pages
from kakehashi.desk.portals.models import Agent
from kakehashi.desk.tickets.models import Ticket

from .models import Presence
from .queries import EXPIRES, present


@transaction.atomic
def be_present(ticket: Ticket, agent: Agent, *, is_typing: bool) -> Presence:
    """Come, stay, begin or stop typing. Whoever begins to write while nobody does holds the reply."""
    Ticket.objects.select_for_update(no_key=True, of=("self",)).only("id").get(pk=ticket.pk)
    mine = Presence.objects.filter(ticket=ticket, agent=agent).first()
    was = (mine.is_typing, mine.holds_reply) if mine and mine.seen_at > clock.now() - EXPIRES else None
    mine = mine or Presence(ticket=ticket, agent=agent)
    if was is None:
        mine.holds_reply = False
    mine.is_typing, mine.seen_at = is_typing, clock.now()
    if is_typing and not present().filter(ticket=ticket, holds_reply=True).exclude(agent=agent).exists():
        mine.holds_reply = True
    mine.save()
    if was != (mine.is_typing, mine.holds_reply):
        _tell(ticket)
    return mine


@transaction.atomic
def leave(ticket: Ticket, agent: Agent) -> None:
    if Presence.objects.filter(ticket=ticket, agent=agent).delete()[0]:
        _tell(ticket)


@transaction.atomic
def take_over(ticket: Ticket, agent: Agent) -> Presence:
    """The reply is mine now; whoever held it sees so."""
    Presence.objects.filter(ticket=ticket).exclude(agent=agent).update(holds_reply=False)
    mine, _is_new = Presence.objects.update_or_create(
        ticket=ticket, agent=agent, defaults={"holds_reply": True, "seen_at": clock.now()}
    )
    _tell(ticket)
    return mine


def _tell(ticket: Ticket) -> None:
    tell_pages(ticket.portal.tenant, [f"desk.presence:{ticket.pk}"])
