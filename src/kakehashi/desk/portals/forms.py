from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kakehashi.identity.people.models import Language
from kakehashi.ui.forms.widgets import RichText

from .grants import grants_of
from .models import Agent, AgentRole, Department, Portal


class PortalForm(forms.Form):
    name = forms.CharField(label=_("Portal name"), max_length=120)
    language = forms.ChoiceField(
        label=_("Language"),
        choices=Language.choices,
        help_text=_(
            "The language of mails that the portal sends by itself. Agents begin in it and follow it, unless they chose a language themselves."
        ),
    )


class DepartmentForm(forms.Form):
    name = forms.CharField(label=_("Department name"), max_length=120)
    mail_address = forms.EmailField(
        label=_("E-mail address"), required=False, help_text=_("Replies of this department are sent from this address.")
    )
    mail_name = forms.CharField(
        label=_("Sender name"), max_length=120, required=False, help_text=_("Shown to customers before the address.")
    )
    signature_html = forms.CharField(
        label=_("Signature"),
        required=False,
        widget=RichText,
        help_text=_("Stands below every mail of this department."),
    )


class AgentForm(forms.Form):
    email = forms.EmailField(label=_("E-mail address"))
    family_name = forms.CharField(label=_("Last name"), max_length=80, required=False)
    given_name = forms.CharField(label=_("First name"), max_length=80, required=False)
    role = forms.ChoiceField(label=_("Role or profile"), initial=AgentRole.AGENT)

    def __init__(self, portal: Portal, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        fields: dict[str, Any] = self.fields
        fields["role"].choices = grants_of(portal)


class SeatForm(forms.Form):
    """What one seat may do, and where."""

    role = forms.ChoiceField(label=_("Role or profile"))
    departments = forms.ModelMultipleChoiceField(
        label=_("Departments"),
        queryset=Department.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: all departments, also those that are made later."),
    )

    def __init__(self, portal: Portal, agent: Agent, data: Any = None) -> None:
        given = [department.pk for department in agent.departments.all()]
        super().__init__(data, initial={"role": agent.grant, "departments": given})
        fields: dict[str, Any] = self.fields
        fields["role"].choices = grants_of(portal)
        fields["departments"].queryset = portal.departments.all()
