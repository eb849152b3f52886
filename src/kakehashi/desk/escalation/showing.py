"""What a ticket's page says of escalation: what happens next, if nobody does anything."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from kakehashi.core import clock
from kakehashi.core.fixed_reads import fixed_read
from kakehashi.desk.business_hours.queries import Hours
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.tickets.models import Ticket

from .deciding import next_firing
from .models import EscalationFiring
from .queries import Plan, fired_of, standing_of
from .words import deeds_of, scope_of


@dataclass(frozen=True, slots=True)
class Coming:
    """`deeds` are pairs of icon and words."""

    at: datetime
    deeds: list[tuple[str, str]]


def coming_of(ticket: Ticket, hours: Hours) -> Coming | None:
    """None where no level waits, and while the ticket is on hold."""
    return coming_of_several(ticket.portal, [ticket], hours).get(ticket.pk)


def coming_of_several(portal: Portal, tickets: Sequence[Ticket], hours: Hours | None = None) -> dict[int, Coming]:
    """By ticket, of those for which a level waits. The same number of queries for any number of tickets.

    `hours` are the portal's, where somebody has read them already.
    """
    waiting = [one for one in tickets if not (one.closed_at or one.deleted_at) and (one.due_at or one.response_due_at)]
    plan = Plan.of(portal, hours) if waiting else None
    if plan is None or not plan.levels:
        return {}
    fired, now = fired_of([ticket.pk for ticket in waiting]), clock.now()
    found = {}
    for ticket in waiting:
        steps, standing = plan.steps_for(ticket), standing_of(ticket)
        if firing := next_firing(steps, standing, fired[ticket.pk], now, plan.time_for(ticket)):
            found[ticket.pk] = Coming(firing.moment, deeds_of(plan.levels[firing.level_id]))
    return found


def escalated_by(ticket_ids: Sequence[int]) -> dict[int, str]:
    """The rule whose level marked each as escalated last; nothing for those that a person escalated. One query."""
    if not ticket_ids:
        return {}
    return {one.ticket_id: scope_of(one.level.rule) for one in _escalations(ticket_ids)}


@fixed_read
def _escalations(ticket_ids: Sequence[int]) -> QuerySet[EscalationFiring]:
    """Those of these tickets, the last of each last."""
    firings = EscalationFiring.objects.filter(ticket__pk__among=ticket_ids, level__marks_escalated=True)
    return firings.select_related("level__rule__department").order_by("at", "pk")
