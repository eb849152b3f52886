"""Forms made from a kind's table of fields. Names of fields are API names, so that what an action refuses finds its place."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from kakehashi.core.errors import InvalidValues
from kakehashi.ui.forms.widgets import SearchSelect

from .fields import RecordField
from .models import DeskRecord
from .writing import Kind, Row

_WIDGETS: dict[str, type[forms.Widget]] = {
    "email": forms.EmailInput,
    "phone": forms.TextInput,
    "url": forms.TextInput,
    "textarea": forms.Textarea,
}


class RecordForm(forms.Form):
    """`version` is that of the record the form was filled from, so that nobody overwrites what they have not seen."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, fields: Sequence[RecordField], *arguments: Any, account_url: str = "", **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields.update({field.api_name: _form_field(field, account_url) for field in fields})

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}

    def refuse(self, invalid: InvalidValues) -> None:
        """Put the reasons beside their fields."""
        for name, sentence in invalid.by_field.items():
            self.add_error(name if name in self.fields else None, str(sentence))


def initial_of(kind: Kind[Row], record: DeskRecord) -> dict[str, Any]:
    values = {field.api_name: field.typed(getattr(record, field.column)) for field in kind.fields}
    return values | {"version": record.version}


def differences(kind: Kind[Row], record: DeskRecord, form: RecordForm) -> list[tuple[str, str, str]]:
    """(label, value now, what was typed) of the fields in which the record differs from the form."""
    return [
        (str(field.label), str(now or _("(empty)")), str(typed or _("(empty)")))
        for field in kind.fields
        if (now := field.typed(getattr(record, field.column))) != (typed := form.cleaned_data.get(field.api_name))
        and (now or typed)
    ]


def _form_field(field: RecordField, account_url: str) -> forms.Field:
    label = str(field.label)
    if field.type == "decimal":
        return forms.CharField(label=label, required=False, widget=forms.TextInput(attrs={"inputmode": "decimal"}))
    if field.type == "account":
        widget = SearchSelect(url=account_url, placeholder=_("Account name"))
        return forms.IntegerField(label=label, required=False, widget=widget)
    if field.is_list:
        widget_of_lines = forms.Textarea(attrs={"rows": 2})
        return forms.CharField(label=label, required=False, widget=widget_of_lines, help_text=_("One a line."))
    widget_class = _WIDGETS.get(field.type, forms.TextInput)
    return forms.CharField(label=label, required=field.is_required, max_length=field.max_length, widget=widget_class)
