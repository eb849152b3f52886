from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kakehashi.core.ids import is_id
from kakehashi.desk.customers.models import Account
from kakehashi.desk.portals.models import Department, FiguresBasis, Portal
from kakehashi.desk.tickets.fields import PRIORITIES
from kakehashi.ui.forms.minutes import MinutesField
from kakehashi.ui.forms.widgets import SearchSelect

from .actions import TargetDraft
from .models import TargetSet
from .words import priority_name


class TargetsForm(forms.Form):
    """Two fields a priority: response and resolution; without a priority's name those of every other one."""

    department = forms.ModelChoiceField(
        label=_("Department"), queryset=Department.objects.none(), required=False, empty_label=_("All departments")
    )
    account = forms.ModelChoiceField(
        label=_("Account"),
        queryset=Account.objects.none(),
        required=False,
        help_text=_("Left empty, the targets count for all customers."),
    )

    def __init__(self, portal: Portal, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        fields: dict[str, Any] = self.fields
        fields["department"].queryset = portal.departments.all()
        fields["account"].queryset = Account.objects.filter(portal=portal, deleted_at__isnull=True)
        fields["account"].widget = SearchSelect(
            url=reverse("desk_account_options", args=[portal.pk]), placeholder=gettext("Account name")
        )
        fields["account"].widget.choices = self._chosen_account(portal)
        for priority in (*PRIORITIES, ""):
            fields[f"response{priority}"] = MinutesField(label=_("First and later answers"), required=False)
            fields[f"resolution{priority}"] = MinutesField(label=_("Resolution"), required=False)

    @property
    def rows(self) -> list[tuple[Any, forms.BoundField, forms.BoundField]]:
        return [
            (priority_name(priority), self[f"response{priority}"], self[f"resolution{priority}"])
            for priority in (*PRIORITIES, "")
        ]

    def draft(self) -> TargetDraft:
        given = self.cleaned_data
        minutes = {key: (given[f"response{key}"], given[f"resolution{key}"]) for key in (*PRIORITIES, "")}
        return TargetDraft(given["department"], given["account"], minutes)

    def _chosen_account(self, portal: Portal) -> list[tuple[Any, str]]:
        """Only this one is in the page; others are asked for while one types."""
        given = str(self.data.get("account", "") if self.is_bound else self.initial.get("account") or "")
        chosen = Account.objects.filter(portal=portal, pk=int(given)).first() if is_id(given) else None
        return [("", ""), *([(chosen.pk, chosen.account_name)] if chosen else [])]


class FiguresForm(forms.Form):
    basis = forms.ChoiceField(label=_("Averages are shown in"), choices=FiguresBasis.choices, widget=forms.RadioSelect)


def values_of(target_set: TargetSet) -> dict[str, Any]:
    values: dict[str, Any] = {"department": target_set.department_id, "account": target_set.account_id}
    for row in target_set.targets.all():
        values[f"response{row.priority}"] = row.response_minutes
        values[f"resolution{row.priority}"] = row.resolution_minutes
    return values
