"""Letting the levels fire whose moment has come: what they do, its events, its mails and the note that they fired, in one transaction."""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from kakehashi.core import clock
from kakehashi.core.actors import SYSTEM
from kakehashi.core.events.log import Fact, write_facts
from kakehashi.desk.deadlines.following import follow_clocks
from kakehashi.desk.notices.actions import notify_people
from kakehashi.desk.overdue.models import Breach, Deadline
from kakehashi.desk.portals.models import Agent, AgentRole
from kakehashi.desk.portals.queries import agents_seeing
from kakehashi.desk.tickets.actions import save_ticket
from kakehashi.desk.tickets.changes import apply_values
from kakehashi.desk.tickets.models import IS_OPEN, Ticket
from kakehashi.desk.tickets.tallies import kept_figures
from kakehashi.identity.people.models import Person

from .deciding import Firing, firings
from .models import EscalationFiring, EscalationLevel
from .queries import Plan, fired_of, portals_with_rules, standing_of

logger = logging.getLogger(__name__)

BATCH = 100
_HIGHER = {"": "Medium", "Low": "Medium", "Medium": "High"}


def escalate_due() -> int:
    """Everything that is due in any portal. Answers how many levels fired."""
    return sum(_escalate_portal(Plan.of(portal)) for portal in portals_with_rules())


def _escalate_portal(plan: Plan) -> int:
    """A level that fails must not keep the others waiting; its tickets are looked at again in a minute."""
    count = 0
    for level in plan.levels.values():
        try:
            count += _escalate_level(plan, level)
        except Exception:
            logger.exception("Escalation level %s of portal %s failed", level.pk, plan.portal.pk)
    return count


def _escalate_level(plan: Plan, level: EscalationLevel) -> int:
    now, last, count = clock.now(), 0, 0
    while ids := plan.candidates(level, now, after=last, limit=BATCH):
        count += _escalate_batch(plan, ids, now)
        last = ids[-1]
    return count


def _escalate_batch(plan: Plan, ids: Sequence[int], now: datetime) -> int:
    """All at once; where that fails each by itself, so that a broken ticket stops only itself."""
    try:
        return escalate_tickets(plan, ids, now)
    except Exception:
        logger.exception("Escalating %s tickets of portal %s at once failed", len(ids), plan.portal.pk)
    count = 0
    for ticket_id in ids:
        try:
            count += escalate_tickets(plan, [ticket_id], now)
        except Exception:
            logger.exception("Escalating ticket %s of portal %s failed", ticket_id, plan.portal.pk)
    return count


@transaction.atomic
def escalate_tickets(plan: Plan, ids: Sequence[int], now: datetime) -> int:
    """All levels that are due for these tickets, decided on what is locked."""
    rows = Ticket.objects.filter(IS_OPEN, portal=plan.portal, pk__in=ids).defer("description_html")
    related = rows.select_related("status", "department__answers_from", "assignee__person", "team")
    tickets = list(related.order_by("pk").select_for_update(of=("self",)))
    fired = fired_of([ticket.pk for ticket in tickets])
    found = [
        (ticket, firings(plan.steps_for(ticket), standing_of(ticket), fired[ticket.pk], now, plan.time_for(ticket)))
        for ticket in tickets
    ]
    due = [(ticket, its) for ticket, its in found if its]
    for ticket, _its in due:
        ticket.portal = plan.portal
    _act(plan, due, now)
    return sum(len(its) for _ticket, its in due)


def _act(plan: Plan, due: Sequence[tuple[Ticket, list[Firing]]], now: datetime) -> None:
    touched = [ticket for ticket, _its in due]
    before = {ticket.pk: standing_of(ticket).due for ticket in touched}
    facts: list[Fact] = []
    with kept_figures(plan.portal, touched):
        for ticket, its in due:
            for firing in its:
                facts += _fire(plan, ticket, firing, now)
        follow_clocks(plan.portal, touched)
        for ticket in touched:
            save_ticket(ticket)
    write_facts(facts, SYSTEM)
    for ticket in touched:
        for deadline, old in before[ticket.pk].items():
            _carry_over(ticket, deadline, old, standing_of(ticket).due.get(deadline))


def _fire(plan: Plan, ticket: Ticket, firing: Firing, now: datetime) -> list[Fact]:
    level = plan.levels[firing.level_id]
    EscalationFiring.objects.create(portal=plan.portal, ticket=ticket, level=level, due_at=firing.due_at, at=now)
    was_escalated = ticket.is_escalated
    changes = apply_values(ticket, _columns(ticket, level), at=now)
    told = _told(ticket, level)  # of the team that it has now
    data = {
        "deadline": level.rule.deadline,
        "due_at": firing.due_at,
        "department": level.rule.department.name if level.rule.department else "",
        "level": plan.numbers[level.pk],
        "minutes": level.minutes,
        "side": level.side,
        "is_working_time": level.is_working_time,
        "told": [person.name for person in told],
    }
    people = notify_people(ticket, people=told, kind="escalation", data={**data, "due_at": firing.due_at.isoformat()})
    data["told"] = [notice.person.name for notice in people if notice.person]
    facts = [_fact(ticket, "escalation_fired", data)]
    if changes:
        facts.append(_fact(ticket, "updated", {"changes": changes}))
    if ticket.is_escalated and not was_escalated:
        facts.append(_fact(ticket, "escalated", {"deadline": level.rule.deadline, "due_at": firing.due_at}))
    return facts


def _columns(ticket: Ticket, level: EscalationLevel) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    if level.new_assignee and level.new_assignee.is_active and level.new_assignee.role != AgentRole.LIGHT_AGENT:
        columns["assignee_id"] = level.new_assignee_id
    team = level.new_team
    if team and team.retired_at is None and team.department_id == ticket.department_id:
        columns["team_id"] = team.pk
    if level.raises_priority and ticket.priority in _HIGHER:
        columns["priority"] = _HIGHER[ticket.priority]
    if level.marks_escalated:
        columns["is_escalated"] = True
    return columns


def _told(ticket: Ticket, level: EscalationLevel) -> list[Person]:
    """Each once; whoever has left the portal, or may not see the ticket's department, is told nothing."""
    wanted = Q(pk__in=[agent.pk for agent in level.told_agents.all()])
    if level.tells_assignee and ticket.assignee_id:
        wanted |= Q(pk=ticket.assignee_id)
    if level.tells_team and ticket.team_id:
        wanted |= Q(pk__in=Agent.objects.filter(teams=ticket.team_id).values("pk"))
    if level.tells_administrators:
        wanted |= Q(role=AgentRole.ADMINISTRATOR)
    if level.tells_department:
        wanted |= Q(pk__in=Agent.objects.filter(departments=ticket.department_id).values("pk"))
    found = agents_seeing(ticket.portal, ticket.department_id).filter(wanted)
    return [agent.person for agent in found.order_by("pk")]


def _carry_over(ticket: Ticket, deadline: Deadline, old: datetime | None, new: datetime | None) -> None:
    """A level that raises the priority moves the deadline that it watches. What was told of the old moment is not told again of the new."""
    if old is None or new is None or old == new:
        return
    fired = EscalationFiring.objects.filter(ticket=ticket, due_at=old, level__rule__deadline=deadline)
    EscalationFiring.objects.bulk_create(
        [
            EscalationFiring(portal_id=ticket.portal_id, ticket=ticket, level_id=level_id, due_at=new, at=clock.now())
            for level_id in fired.values_list("level_id", flat=True)
        ],
        ignore_conflicts=True,
    )
    if new <= clock.now() and Breach.objects.filter(ticket=ticket, deadline=deadline, due_at=old).exists():
        breach = Breach(portal_id=ticket.portal_id, ticket=ticket, deadline=deadline, due_at=new, at=clock.now())
        Breach.objects.bulk_create([breach], ignore_conflicts=True)


def _fact(ticket: Ticket, topic: str, data: dict[str, Any]) -> Fact:
    return Fact(ticket.portal.tenant, f"desk.ticket.{topic}", "desk.ticket", ticket.pk, data)
