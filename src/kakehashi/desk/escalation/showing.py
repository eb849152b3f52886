"""What a ticket's page says of escalation: what happens next, if nobody does anything."""

from dataclasses import dataclass
from datetime import datetime

from kakehashi.core import clock
from kakehashi.desk.tickets.models import Ticket

from .deciding import next_firing
from .queries import Plan, fired_of, standing_of
from .words import deeds_of


@dataclass(frozen=True, slots=True)
class Coming:
    """`deeds` are pairs of icon and words."""

    at: datetime
    deeds: list[tuple[str, str]]


def coming_of(ticket: Ticket) -> Coming | None:
    """None where no level waits, and while the ticket is on hold."""
    if ticket.closed_at or ticket.deleted_at or not (ticket.due_at or ticket.response_due_at):
        return None
    plan = Plan.of(ticket.portal)
    if not plan.levels:
        return None
    fired = fired_of([ticket.pk])[ticket.pk]
    found = next_firing(plan.steps_for(ticket), standing_of(ticket), fired, clock.now(), plan.time_for(ticket))
    return Coming(found.moment, deeds_of(plan.levels[found.level_id])) if found else None
