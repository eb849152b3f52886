from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from kakehashi.core import clock
from kakehashi.core.ids import ids_in
from kakehashi.desk.customers.models import Account
from kakehashi.desk.portals.models import Department, Portal
from kakehashi.identity.preferences.time_zones import time_zone_choices
from kakehashi.ui.forms.spans import SpansField
from kakehashi.ui.forms.widgets import DateInput, DateTimeInput, SearchSelect, SearchSelectMultiple

from .actions import CalendarDraft
from .models import Calendar
from .public_holidays import countries

WEEKDAYS = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))


class CalendarForm(forms.Form):
    """A week is seven fields, day0 to day6."""

    name = forms.CharField(label=_("Name"), max_length=80)
    time_zone = forms.ChoiceField(label=_("Time zone"), widget=SearchSelect)
    country = forms.ChoiceField(
        label=_("Public holidays"),
        required=False,
        widget=SearchSelect,
        help_text=_("On these days nobody works. Days of your own are added below, once the calendar is saved."),
    )
    departments = forms.ModelMultipleChoiceField(
        label=_("Departments"), queryset=Department.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    accounts = forms.ModelMultipleChoiceField(label=_("Accounts"), queryset=Account.objects.none(), required=False)

    def __init__(self, portal: Portal, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        fields: dict[str, Any] = self.fields
        fields["time_zone"].choices = time_zone_choices(clock.now())
        fields["country"].choices = [("", gettext("None")), *countries(get_language() or "en").items()]
        fields["departments"].queryset = portal.departments.all()
        fields["accounts"].queryset = Account.objects.filter(portal=portal, deleted_at__isnull=True)
        fields["accounts"].widget = SearchSelectMultiple(
            url=reverse("desk_account_options", args=[portal.pk]), placeholder=gettext("Account name")
        )
        fields["accounts"].widget.choices = self._chosen_accounts(portal)
        for weekday, label in enumerate(WEEKDAYS):
            fields[f"day{weekday}"] = SpansField(label=label, required=False)

    @property
    def days(self) -> list[forms.BoundField]:
        return [self[f"day{weekday}"] for weekday in range(7)]

    def draft(self) -> CalendarDraft:
        given = self.cleaned_data
        return CalendarDraft(
            name=given["name"],
            time_zone=given["time_zone"],
            week=[given[f"day{weekday}"] for weekday in range(7)],
            country=given["country"],
            departments=list(given["departments"]),
            accounts=list(given["accounts"]),
        )

    def _chosen_accounts(self, portal: Portal) -> list[tuple[int, str]]:
        """Only these are in the page; others are asked for while one types."""
        given = self.data.getlist("accounts") if hasattr(self.data, "getlist") else self.initial.get("accounts", [])
        ids = ids_in(map(str, given))
        rows = Account.objects.filter(portal=portal, pk__in=ids).values_list("id", "account_name")
        return [(pk, name) for pk, name in rows]


class OwnDayForm(forms.Form):
    on = forms.DateField(label=pgettext_lazy("a day", "Date"), widget=DateInput)
    name = forms.CharField(label=_("Name"), max_length=80, required=False)
    is_working = forms.ChoiceField(
        label=_("What it is"), choices=[("", _("A holiday")), ("working", _("A working day"))], required=False
    )

    def clean_is_working(self) -> bool:
        return bool(self.cleaned_data["is_working"])


class PromiseForm(forms.Form):
    """The preview: a promise of so many hours, made then."""

    hours = forms.FloatField(label=_("Hours promised"), min_value=0.1, max_value=2_000, initial=8)
    made_at = forms.DateTimeField(label=_("Made at"), widget=DateTimeInput, required=False)


def values_of(calendar: Calendar) -> dict[str, Any]:
    uses = list(calendar.uses.all())
    return {
        "name": calendar.name,
        "time_zone": calendar.time_zone,
        "country": calendar.country,
        "departments": [use.department_id for use in uses if use.department_id],
        "accounts": [use.account_id for use in uses if use.account_id],
        **{f"day{weekday}": spans for weekday, spans in enumerate(calendar.week)},
    }
