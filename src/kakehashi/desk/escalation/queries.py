"""Rules, the tickets that a level may be due for, and what comes next for one ticket."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet, prefetch_related_objects

from kakehashi.core.fixed_reads import fixed_read
from kakehashi.desk.business_hours.queries import Hours, hours_of
from kakehashi.desk.deadlines.working_time import AROUND_THE_CLOCK, WorkingTime
from kakehashi.desk.overdue.models import Deadline
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.tickets.models import IS_OPEN, StatusType, Ticket

from .deciding import Standing, Step, window_of
from .models import EscalationFiring, EscalationLevel, EscalationRule, Side

Fired = set[tuple[int, datetime]]


def rules_of(portal: Portal) -> list[EscalationRule]:
    """With their levels, the general ones first."""
    rules = _rules(portal.pk)
    prefetch_related_objects(rules, "levels__told_agents__person", "levels__new_assignee__person", "levels__new_team")
    return sorted(rules, key=lambda rule: (rule.department_id is not None, rule.pk))


@fixed_read
def _rules(portal_id: int) -> QuerySet[EscalationRule]:
    return EscalationRule.objects.filter(portal_id=portal_id).select_related("department")


def in_order(rule: EscalationRule) -> list[EscalationLevel]:
    """By the clock: long before the deadline first, long after it last."""
    return sorted(rule.levels.all(), key=lambda one: (one.minutes if one.side == Side.AFTER else -one.minutes, one.pk))


@dataclass(frozen=True, slots=True)
class Plan:
    """All that is needed to decide for any ticket of a portal. `numbers` are the levels' places within their rules, from 1."""

    portal: Portal
    hours: Hours
    levels: dict[int, EscalationLevel]
    numbers: dict[int, int]

    @classmethod
    def of(cls, portal: Portal, hours: Hours | None = None) -> "Plan":
        rules = [rule for rule in rules_of(portal) if rule.is_enabled]
        numbered = [(number, level, rule) for rule in rules for number, level in enumerate(in_order(rule), 1)]
        for _number, level, rule in numbered:
            level.rule = rule
        if hours is None:
            hours = hours_of(portal) if numbered else Hours()
        return cls(
            portal,
            hours,
            {level.pk: level for _number, level, _rule in numbered},
            {level.pk: number for number, level, _rule in numbered},
        )

    def steps_for(self, ticket: Ticket) -> list[Step]:
        departments = {None, ticket.department_id}
        return [step_of(level) for level in self.levels.values() if level.rule.department_id in departments]

    def time_for(self, ticket: Ticket) -> WorkingTime:
        return self.hours.time_for(ticket.department_id, ticket.account_id)

    def candidates(self, level: EscalationLevel, now: datetime, *, after: int, limit: int) -> list[int]:
        """Ids of open tickets that are not held, behind the id `after`, for which the level may be due."""
        times = list(self.hours.times.values()) or [AROUND_THE_CLOCK]
        lowest, highest = window_of(step_of(level), now, times)
        column = Deadline(level.rule.deadline).column
        fired = EscalationFiring.objects.filter(ticket=OuterRef("pk"), level=level, due_at=OuterRef(column))
        rows = Ticket.objects.filter(
            IS_OPEN,
            ~Q(status__type=StatusType.ON_HOLD),
            ~Exists(fired),
            **{"portal": self.portal, f"{column}__gt": lowest, f"{column}__lte": highest, "pk__gt": after},
        )
        if level.rule.department_id:
            rows = rows.filter(department_id=level.rule.department_id)
        return list(rows.order_by("pk").values_list("pk", flat=True)[:limit])


def portals_with_rules() -> list[Portal]:
    levels = EscalationLevel.objects.filter(rule__portal=OuterRef("pk"), rule__is_enabled=True)
    return list(Portal.objects.filter(Exists(levels)).order_by("pk"))


def step_of(level: EscalationLevel) -> Step:
    return Step(
        level.pk,
        Deadline(level.rule.deadline),
        Side(level.side),
        level.minutes * 60.0,
        level.is_working_time,
        level.counts_from,
    )


def standing_of(ticket: Ticket) -> Standing:
    due = {Deadline.RESPONSE: ticket.response_due_at, Deadline.RESOLUTION: ticket.due_at}
    return Standing({} if ticket.closed_at else due, is_held=ticket.status.type == StatusType.ON_HOLD)


def fired_of(ticket_ids: Collection[int]) -> dict[int, Fired]:
    found: defaultdict[int, Fired] = defaultdict(set)
    rows = EscalationFiring.objects.filter(ticket_id__in=ticket_ids)
    for ticket_id, level_id, due_at in rows.values_list("ticket_id", "level_id", "due_at"):
        found[ticket_id].add((level_id, due_at))
    return found
