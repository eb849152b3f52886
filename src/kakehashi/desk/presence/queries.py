"""Who is at a ticket."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta

from django.db.models import QuerySet

from kakehashi.core import clock
from kakehashi.desk.portals.models import Agent
from kakehashi.desk.tickets.models import Ticket
from kakehashi.ui.conversation import Presence as Shown

from .models import Presence

EXPIRES = timedelta(seconds=50)


def present() -> QuerySet[Presence]:
    """Those whose page has said so lately; a browser that died is forgotten by itself."""
    return Presence.objects.filter(seen_at__gt=clock.now() - EXPIRES).select_related("agent__person")


def others_at(ticket: Ticket, agent: Agent | None) -> list[Presence]:
    """Whoever writes first. `agent` is the one who asks, None where that is nobody of the Desk."""
    found = present().filter(ticket=ticket)
    if agent is not None:
        found = found.exclude(agent=agent)
    return sorted(found, key=lambda one: (not one.holds_reply, not one.is_typing, one.pk))


def presence_at(ticket: Ticket, agent: Agent | None) -> Shown:
    """What a page that shows the ticket to this person says of others."""
    others = others_at(ticket, agent)
    holder = next((one.agent.name for one in others if one.holds_reply), "")
    return Shown([one.agent.name for one in others], holder)


def present_at(ticket_ids: Sequence[int], agent: Agent) -> dict[int, list[Presence]]:
    """By ticket, for a list; one query."""
    found: defaultdict[int, list[Presence]] = defaultdict(list)
    for one in present().filter(ticket_id__in=ticket_ids).exclude(agent=agent).order_by("pk"):
        found[one.ticket_id].append(one)
    return found
