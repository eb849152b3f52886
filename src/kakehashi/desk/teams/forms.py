from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kakehashi.desk.portals.models import Agent, Department, Portal
from kakehashi.desk.portals.queries import active_agents
from kakehashi.ui.forms.widgets import SearchSelectMultiple

from .models import Team


class TeamForm(forms.Form):
    """A team stays in the department that it was made in: its tickets are there."""

    name = forms.CharField(label=pgettext_lazy("of a team", "Name"), max_length=80)
    department = forms.ModelChoiceField(label=_("Department"), queryset=Department.objects.none(), empty_label=None)
    description = forms.CharField(label=_("What it is for"), max_length=300, required=False)
    members = forms.ModelMultipleChoiceField(
        label=_("Members"), queryset=Agent.objects.none(), required=False, widget=SearchSelectMultiple
    )
    use_required_attribute = False

    def __init__(self, portal: Portal, team: Team | None, data: Any = None) -> None:
        super().__init__(data, initial=_initial(team) if team else {})
        fields: dict[str, Any] = self.fields
        fields["members"].queryset = active_agents(portal)
        if team:
            del self.fields["department"]
        else:
            fields["department"].queryset = portal.departments.filter(is_enabled=True)


class SuccessorForm(forms.Form):
    successor = forms.ModelChoiceField(
        label=_("Its tickets go to"), queryset=Team.objects.none(), required=False, empty_label=_("No team")
    )

    def __init__(self, others: Sequence[int], data: Any = None) -> None:
        super().__init__(data)
        fields: dict[str, Any] = self.fields
        fields["successor"].queryset = Team.objects.filter(pk__in=others)


def _initial(team: Team) -> dict[str, Any]:
    members = [agent.pk for agent in team.members.all()]
    return {"name": team.name, "description": team.description, "members": members}
