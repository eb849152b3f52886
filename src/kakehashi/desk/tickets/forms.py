"""The form of a new ticket. Names of fields are Desk API names, so that what an action refuses finds its place."""

from typing import Any
from uuid import uuid4

from django import forms
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kakehashi.desk.portals.access import DeskAccess
from kakehashi.desk.ticket_fields.queries import LaidOut, shown_fields
from kakehashi.ui.forms.values import ValueField, value_widget
from kakehashi.ui.forms.widgets import DateTimeInput, FilesField, RichText, SearchSelect

from .choices import choices_of, teams
from .fields import FIELDS_BY_NAME


class TicketForm(forms.Form):
    """`laid_out` are the names of the fields that the department's layout shows, in its order."""

    def __init__(self, access: DeskAccess, department_id: int | None, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["key"] = forms.CharField(
            required=False, max_length=64, widget=forms.HiddenInput, initial=lambda: uuid4().hex
        )  # of this form: sent twice, it opens one ticket
        self.fields.update(_customer_fields([access.portal.pk]))
        self.fields["subject"] = forms.CharField(label=_("Subject"), max_length=1000)
        self.fields["description"] = forms.CharField(label=_("Description"), required=False, widget=RichText)
        self.fields["files"] = FilesField(label=_("Attachments"), required=False)
        self.fields["departmentId"] = forms.ChoiceField(
            label=_("Department"), choices=list(choices_of(access, "departmentId"))
        )
        shown = [one for one in shown_fields(access.portal, department_id) if one.name != "departmentId"]
        offered = list(teams(access, department_id))
        if len(offered) == 1:  # no team to choose
            shown = [one for one in shown if one.name != "teamId"]
        self.laid_out = [one.name for one in shown]
        for one in shown:
            self.fields[one.name] = _field(access, one)
        if "teamId" in self.fields:
            self.fields["teamId"].choices = offered  # type: ignore[attr-defined]

    def laid_out_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("departmentId", *self.laid_out)]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        names = ("contactId", "contactLastName", "contactEmail")
        if not any(cleaned.get(name) for name in names) and not self.errors.keys() & set(names):
            self.add_error("contactId", _("Choose a contact, or enter a new one below."))
        return cleaned


def _field(access: DeskAccess, laid_out: LaidOut) -> forms.Field:
    name, is_required = laid_out.name, laid_out.is_required
    if laid_out.schema:
        made = ValueField(laid_out.schema, widget=value_widget(laid_out.schema))
        made.required = is_required
        return made
    label = str(FIELDS_BY_NAME[name].label)
    if name == "dueDate":
        return forms.DateTimeField(label=label, required=is_required, widget=DateTimeInput)
    if name in ("category", "subCategory"):
        return forms.CharField(label=label, max_length=120, required=is_required)
    return forms.ChoiceField(label=label, required=is_required, choices=list(choices_of(access, name)))


def _customer_fields(here: list[int]) -> dict[str, forms.Field]:
    contacts = SearchSelect(
        url=reverse("desk_contact_options", args=here), placeholder=gettext("Name or e-mail address")
    )
    accounts = SearchSelect(url=reverse("desk_account_options", args=here), placeholder=gettext("Account name"))
    return {
        "contactId": forms.IntegerField(label=_("Contact"), required=False, widget=contacts),
        "contactLastName": forms.CharField(label=_("Last name"), max_length=100, required=False),
        "contactFirstName": forms.CharField(label=_("First name"), max_length=100, required=False),
        "contactEmail": forms.CharField(label=_("E-mail"), max_length=254, required=False, widget=forms.EmailInput),
        "accountId": forms.IntegerField(
            label=_("Account"),
            required=False,
            widget=accounts,
            help_text=_("Left empty, the contact's own account is used."),
        ),
    }
