"""Rules of escalation in words: on the settings' page, in a ticket's history, in mails."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kakehashi.desk.overdue.models import Deadline
from kakehashi.ui.templatetags.ui_words import hours_and_minutes

from .models import EscalationLevel, EscalationRule, Side


def scope_of(rule: EscalationRule) -> str:
    return scope_words(rule.deadline, rule.department.name if rule.department else "")


def scope_words(deadline: str, department: str) -> str:
    """ "Solution · Support"."""
    names = {Deadline.RESPONSE: _("Answer to the customer"), Deadline.RESOLUTION: _("Solution of the ticket")}
    where = department or _("all departments")
    return _("%(deadline)s · %(department)s") % {"deadline": names[Deadline(deadline)], "department": where}


def moment_of_level(level: EscalationLevel) -> str:
    return moment_words(level.minutes, level.side, is_working_time=level.is_working_time)


def moment_words(minutes: int, side: str, *, is_working_time: bool) -> str:
    """ "2 hours of working time after the deadline"."""
    if minutes == 0:
        return _("at the deadline")
    time = {"time": hours_and_minutes(minutes)}
    if is_working_time:
        before, after = (
            _("%(time)s of working time before the deadline"),
            _("%(time)s of working time after the deadline"),
        )
    else:
        before, after = _("%(time)s before the deadline"), _("%(time)s after the deadline")
    return (before if side == Side.BEFORE else after) % time


def deeds_of(level: EscalationLevel) -> list[tuple[str, str]]:
    """(icon, words) of everything that the level does."""
    told = [
        *([_("the assignee")] if level.tells_assignee else []),
        *([_("the members of the team")] if level.tells_team else []),
        *([_("the agents of the department")] if level.tells_department else []),
        *([_("the administrators")] if level.tells_administrators else []),
        *(agent.person.name for agent in level.told_agents.all()),
    ]
    deeds = []
    if told:
        deeds.append(("mail", _("Mail to %(people)s") % {"people": pgettext("between recipients", ", ").join(told)}))
    if level.new_assignee:
        deeds.append(("user-check", _("Assign to %(name)s") % {"name": level.new_assignee.person.name}))
    if level.new_team:
        deeds.append(("users-group", _("Give to the team %(name)s") % {"name": level.new_team.name}))
    if level.raises_priority:
        deeds.append(("flag", _("Raise the priority by one")))
    if level.marks_escalated:
        deeds.append(("alert-circle", _("Mark as escalated")))
    return deeds


def sentence_of_firing(data: Mapping[str, Any]) -> str:
    """What the history says of a level that fired."""
    told = data.get("told") or []
    words = {
        "rule": scope_words(data["deadline"], data.get("department", "")),
        "level": data["level"],
        "moment": moment_words(data["minutes"], data["side"], is_working_time=data["is_working_time"]),
        "people": pgettext("between recipients", ", ").join(told),
    }
    if told:
        return _("Escalation rule “%(rule)s”, level %(level)s (%(moment)s): mail to %(people)s") % words
    return _("Escalation rule “%(rule)s”, level %(level)s (%(moment)s)") % words
