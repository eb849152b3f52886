"""Inputs for the fields of a ticket, as its side describes them."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from kakehashi.bridge.sides.records import Value
from kakehashi.bridge.sides.tickets import TicketField
from kakehashi.ui.forms.values import ValueField, value_widget
from kakehashi.ui.forms.widgets import DateTimeInput


def form_field(field: TicketField, *, is_required: bool) -> forms.Field:
    if field.schema:
        made = ValueField(field.schema, widget=value_widget(field.schema))
        made.required = is_required
        return made
    options: dict[str, Any] = {"label": str(field.label), "required": is_required}
    if field.choices:
        return forms.ChoiceField(choices=[(one.value, one.label) for one in field.choices], **options)
    if field.type == "boolean":
        return forms.ChoiceField(choices=[("", _("No")), ("true", _("Yes"))], label=str(field.label), required=False)
    if field.type == "datetime":
        return forms.DateTimeField(widget=DateTimeInput, **options)
    return forms.EmailField(**options) if field.type == "email" else forms.CharField(**options)


def sent_value(cleaned: Value) -> Value:
    """As a side takes it, and as it can be kept: a moment with its time zone."""
    return cleaned.isoformat() if isinstance(cleaned, datetime) else cleaned


def typed_values(form: forms.Form, data: Any) -> dict[str, Any]:
    """What was typed into a form, to stand in it again, right or wrong."""
    prefixed = {name: form.add_prefix(name) for name in form.fields}
    return {
        name: form.fields[name].widget.value_from_datadict(data, {}, prefixed[name])
        for name in form.fields
        if not form.fields[name].widget.value_omitted_from_data(data, {}, prefixed[name])
    }
