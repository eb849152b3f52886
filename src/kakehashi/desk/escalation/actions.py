"""Setting rules of escalation."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kakehashi.core import clock
from kakehashi.core.actors import Actor
from kakehashi.core.errors import InvalidValues, Text
from kakehashi.core.events.log import Fact, write_fact
from kakehashi.desk.overdue.models import Deadline
from kakehashi.desk.portals.models import Agent, AgentRole, Department, Portal
from kakehashi.desk.portals.rights import require
from kakehashi.desk.teams.models import Team

from .models import EscalationLevel, EscalationRule, Side

MOST_LEVELS = 10


@dataclass(frozen=True, slots=True)
class LevelDraft:
    """When a level fires, and what it does."""

    minutes: int = 0
    side: str = Side.AFTER
    is_working_time: bool = True
    tells_assignee: bool = False
    tells_team: bool = False
    tells_department: bool = False
    tells_administrators: bool = False
    told_agents: Sequence[Agent] = ()
    new_assignee: Agent | None = None
    new_team: Team | None = None
    raises_priority: bool = False
    marks_escalated: bool = False


@transaction.atomic
def create_rule(
    portal: Portal, *, deadline: str, department: Department | None, level: LevelDraft, actor: Actor
) -> EscalationRule:
    """A rule with its first level. Raises `InvalidValues`."""
    require(portal, actor, "may_administer")
    if deadline not in Deadline.values:
        raise InvalidValues({"deadline": _("There is no such choice.")})
    if department is not None and department.portal_id != portal.pk:
        raise InvalidValues({"department": _("There is no such choice.")})
    rule = EscalationRule.objects.create(portal=portal, deadline=deadline, department=department)
    _write(EscalationLevel(rule=rule), level)
    _tell(rule, "created", actor)
    return rule


@transaction.atomic
def add_level(rule: EscalationRule, draft: LevelDraft, *, actor: Actor) -> EscalationLevel:
    """Raises `InvalidValues`."""
    require(rule.portal, actor, "may_administer")
    EscalationRule.objects.select_for_update().get(pk=rule.pk)
    if rule.levels.count() >= MOST_LEVELS:
        raise InvalidValues({"minutes": _("At most %(limit)s levels.") % {"limit": MOST_LEVELS}})
    level = _write(EscalationLevel(rule=rule), draft)
    _tell(rule, "updated", actor)
    return level


@transaction.atomic
def change_level(level: EscalationLevel, draft: LevelDraft, *, actor: Actor) -> EscalationLevel:
    """Another moment counts from now on: what it would have meant for the past is not made good. Raises `InvalidValues`."""
    require(level.rule.portal, actor, "may_administer")
    if (level.minutes, level.side, level.is_working_time) != (draft.minutes, draft.side, draft.is_working_time):
        level.counts_from = clock.now()
    _write(level, draft)
    _tell(level.rule, "updated", actor)
    return level


@transaction.atomic
def remove_level(level: EscalationLevel, *, actor: Actor) -> None:
    """With its last level the rule goes, too."""
    require(level.rule.portal, actor, "may_administer")
    if level.rule.levels.count() == 1:
        remove_rule(level.rule, actor=actor)
        return
    level.delete()
    _tell(level.rule, "updated", actor)


@transaction.atomic
def enable_rule(rule: EscalationRule, *, actor: Actor) -> None:
    """It counts from now on."""
    _switch(rule, is_enabled=True, actor=actor)
    rule.levels.update(counts_from=clock.now())


@transaction.atomic
def disable_rule(rule: EscalationRule, *, actor: Actor) -> None:
    _switch(rule, is_enabled=False, actor=actor)


@transaction.atomic
def remove_rule(rule: EscalationRule, *, actor: Actor) -> None:
    """What it has done stays in the tickets' histories."""
    require(rule.portal, actor, "may_administer")
    _tell(rule, "removed", actor)
    rule.delete()


def _switch(rule: EscalationRule, *, is_enabled: bool, actor: Actor) -> None:
    require(rule.portal, actor, "may_administer")
    rule.is_enabled = is_enabled
    rule.save(update_fields=["is_enabled"])
    _tell(rule, "updated", actor)


def _write(level: EscalationLevel, draft: LevelDraft) -> EscalationLevel:
    if problems := _problems_of(level.rule, draft):
        raise InvalidValues(problems)
    level.minutes, level.side, level.is_working_time = draft.minutes, draft.side, draft.is_working_time
    level.tells_assignee, level.tells_team = draft.tells_assignee, draft.tells_team
    level.tells_department, level.tells_administrators = draft.tells_department, draft.tells_administrators
    level.new_assignee, level.new_team = draft.new_assignee, draft.new_team
    level.raises_priority, level.marks_escalated = draft.raises_priority, draft.marks_escalated
    level.save()
    level.told_agents.set(draft.told_agents)
    return level


def _problems_of(rule: EscalationRule, draft: LevelDraft) -> dict[str, Text]:
    people = [*draft.told_agents, *([draft.new_assignee] if draft.new_assignee else [])]
    if any(agent.portal_id != rule.portal_id for agent in people):
        return {"told_agents": _("There is no such choice.")}
    if draft.new_team and draft.new_team.portal_id != rule.portal_id:
        return {"new_team": _("There is no such choice.")}
    if draft.new_team and rule.department_id not in (None, draft.new_team.department_id):
        return {"new_team": _("This team belongs to another department.")}
    if draft.side not in Side.values:
        return {"side": _("There is no such choice.")}
    if draft.new_assignee and draft.new_assignee.role == AgentRole.LIGHT_AGENT:
        return {"new_assignee": _("Tickets can only be assigned to active agents of this portal.")}
    does_something = (
        draft.tells_assignee,
        draft.tells_team,
        draft.tells_department,
        draft.tells_administrators,
        draft.told_agents,
        draft.new_assignee,
        draft.new_team,
        draft.raises_priority,
        draft.marks_escalated,
    )
    return {} if any(does_something) else {"told": _("Choose at least one thing that happens.")}


def _tell(rule: EscalationRule, what: str, actor: Actor) -> None:
    fact = Fact(rule.portal.tenant, f"desk.escalation_rule.{what}", "desk.escalation_rule", rule.pk)
    write_fact(fact, actor)
