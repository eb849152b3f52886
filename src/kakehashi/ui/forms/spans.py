"""Stretches of a day, typed as pairs of times; cleans to minutes of the day: [[540, 720], [780, 1080]]."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

_TIME = re.compile(r"^([01]?\d|2[0-4]):([0-5]\d)(?::\d\d)?$")
_MINUTES_A_DAY = 24 * 60


class SpansInput(forms.Widget):
    """Rows of "from – to" with a button for one more; a row left empty is none."""

    template_name = "ui/components/templates/spans.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        rows = [(_text(start), _text(end)) for start, end in value or []]
        context["widget"]["rows"] = rows or [("", "")]
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        if not hasattr(data, "getlist"):
            return data.get(name)
        pairs = zip(data.getlist(f"{name}-from"), data.getlist(f"{name}-to"), strict=False)
        return [[start.strip(), end.strip()] for start, end in pairs if start.strip() or end.strip()]

    def id_for_label(self, id_: str, index: str | int | None = None) -> str:
        return f"{id_}-0" if id_ else id_


class SpansField(forms.Field):
    """An end of 0:00 is midnight at the day's end."""

    widget = SpansInput

    def to_python(self, value: Any) -> list[list[int]]:
        return [_span(start, end) for start, end in value or []]


def _span(start: Any, end: Any) -> list[int]:
    first, last = _minute(start), _minute(end)
    return [first, last or _MINUTES_A_DAY]


def _minute(value: Any) -> int:
    if isinstance(value, int):
        return value
    if (match := _TIME.match(value)) is None:
        raise ValidationError(_("Enter a start and an end, such as 9:00 and 18:00."))
    return int(match[1]) * 60 + int(match[2])


def _text(value: Any) -> str:
    """An input of times knows no 24:00."""
    return f"{value // 60 % 24:02}:{value % 60:02}" if isinstance(value, int) else str(value)
