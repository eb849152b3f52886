"""A length of time typed as hours and minutes; cleans to minutes, None when both are empty."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

_LONGEST_HOURS = 9_999
_MINUTES_AN_HOUR = 60


class MinutesInput(forms.Widget):
    template_name = "ui/components/templates/minutes.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        is_known = isinstance(value, int)
        context["widget"]["parts"] = divmod(value, _MINUTES_AN_HOUR) if is_known else value or ("", "")
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        parts = (str(data.get(f"{name}-hours", "")).strip(), str(data.get(f"{name}-minutes", "")).strip())
        return parts if any(parts) else None

    def id_for_label(self, id_: str, index: str | int | None = None) -> str:
        return f"{id_}-hours" if id_ else id_


class MinutesField(forms.Field):
    widget = MinutesInput

    def to_python(self, value: Any) -> int | None:
        if not value:
            return None
        hours, minutes = (part or "0" for part in value)
        if not (hours.isdecimal() and minutes.isdecimal() and int(hours) <= _LONGEST_HOURS):
            raise ValidationError(_("Enter whole hours and minutes."))
        total = int(hours) * _MINUTES_AN_HOUR + int(minutes)
        if total == 0:
            raise ValidationError(_("Enter more than nothing, or leave it empty."))
        return total
