from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kakehashi.desk.overdue.models import Deadline
from kakehashi.desk.portals.models import Agent, AgentRole, AgentState, Department, Portal
from kakehashi.desk.teams.models import Team
from kakehashi.desk.teams.queries import named, offered_teams
from kakehashi.ui.forms.minutes import MinutesField
from kakehashi.ui.forms.widgets import SearchSelectMultiple

from .actions import LevelDraft
from .models import EscalationLevel, Side

_GROUPS = {
    "assignee": _("The assignee"),
    "team": _("The members of the ticket's team"),
    "department": _("The agents of the ticket's department"),
    "administrators": _("The administrators"),
}
_DEEDS = {"raises_priority": _("Raise the priority by one"), "marks_escalated": _("Mark as escalated")}


class LevelForm(forms.Form):
    """One level: when, whom it tells, what it changes."""

    minutes = MinutesField(
        label=_("How long before or after"),
        required=False,
        help_text=_("Left empty: at the very moment of the deadline."),
    )
    side = forms.ChoiceField(
        label=_("Before or after"), choices=Side.choices, initial=Side.AFTER, widget=forms.RadioSelect
    )
    clock = forms.ChoiceField(
        label=_("Counted in"),
        choices=[("working", _("Working time")), ("real", _("Real time, nights and holidays too"))],
        initial="working",
        widget=forms.RadioSelect,
    )
    told = forms.MultipleChoiceField(
        label=_("Mail to"), choices=list(_GROUPS.items()), required=False, widget=forms.CheckboxSelectMultiple
    )
    told_agents = forms.ModelMultipleChoiceField(
        label=_("And to"), queryset=Agent.objects.none(), required=False, widget=SearchSelectMultiple
    )
    new_assignee = forms.ModelChoiceField(
        label=_("Assign to"), queryset=Agent.objects.none(), required=False, empty_label=_("Leave as it is")
    )
    new_team = forms.ModelChoiceField(
        label=_("Give to the team"),
        queryset=Team.objects.none(),
        required=False,
        empty_label=_("Leave as it is"),
        help_text=_("Tickets of other departments keep their team."),
    )
    deeds = forms.MultipleChoiceField(
        label=_("Ticket"), choices=list(_DEEDS.items()), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, portal: Portal, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        agents = Agent.objects.filter(portal=portal, state=AgentState.ACTIVE).select_related("person")
        fields: dict[str, Any] = self.fields
        fields["told_agents"].queryset = agents
        fields["new_assignee"].queryset = agents.exclude(role=AgentRole.LIGHT_AGENT)
        fields["new_team"].queryset = teams = offered_teams(portal)
        fields["new_team"].choices = [("", _("Leave as it is")), *named(list(teams))]

    def draft(self) -> LevelDraft:
        given = self.cleaned_data
        return LevelDraft(
            minutes=given["minutes"] or 0,
            side=given["side"],
            is_working_time=given["clock"] == "working",
            tells_assignee="assignee" in given["told"],
            tells_team="team" in given["told"],
            tells_department="department" in given["told"],
            tells_administrators="administrators" in given["told"],
            told_agents=list(given["told_agents"]),
            new_assignee=given["new_assignee"],
            new_team=given["new_team"],
            raises_priority="raises_priority" in given["deeds"],
            marks_escalated="marks_escalated" in given["deeds"],
        )


class RuleForm(LevelForm):
    """A new rule with its first level."""

    deadline = forms.ChoiceField(
        label=_("Deadline"),
        choices=[(Deadline.RESPONSE, _("Answer to the customer")), (Deadline.RESOLUTION, _("Solution of the ticket"))],
        initial=Deadline.RESOLUTION,
        widget=forms.RadioSelect,
    )
    department = forms.ModelChoiceField(
        label=_("Department"), queryset=Department.objects.none(), required=False, empty_label=_("All departments")
    )

    def __init__(self, portal: Portal, *arguments: Any, **options: Any) -> None:
        super().__init__(portal, *arguments, **options)
        fields: dict[str, Any] = self.fields
        fields["department"].queryset = portal.departments.all()


def values_of(level: EscalationLevel) -> dict[str, Any]:
    groups = {
        "assignee": level.tells_assignee,
        "team": level.tells_team,
        "department": level.tells_department,
        "administrators": level.tells_administrators,
    }
    return {
        "minutes": level.minutes or None,
        "side": level.side,
        "clock": "working" if level.is_working_time else "real",
        "told": [name for name, is_told in groups.items() if is_told],
        "told_agents": [agent.pk for agent in level.told_agents.all()],
        "new_assignee": level.new_assignee_id,
        "new_team": level.new_team_id,
        "deeds": [name for name in _DEEDS if getattr(level, name)],
    }
