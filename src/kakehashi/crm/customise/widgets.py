"""Inputs that only the settings of fields use."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import pgettext

from .choices import COLOURS, ChoiceRow


class ChoicesInput(forms.Widget):
    """The entries of a pick list, one line each: name, colour, offered or not, up, down, away."""

    template_name = "crm/customise/templates/choices_input.html"
    use_fieldset = True

    @staticmethod
    def rows_in(data: QueryDict, name: str) -> list[ChoiceRow]:
        columns = (data.getlist(f"{name}-{part}") for part in ("value", "label", "colour", "state"))
        lines = zip(*columns, strict=False)
        rows = [
            ChoiceRow(value, label.strip()[:120], colour, state == "retired") for value, label, colour, state in lines
        ]
        return [row for row in rows if row.label or row.value]

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[ChoiceRow]:
        return self.rows_in(data, name)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return f"{name}-label" not in data

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, None, attrs)
        rows = list(value or []) or [ChoiceRow("", "") for _ in range(3)]
        context["widget"] |= {"rows": rows, "blank": ChoiceRow("", ""), "colours": _colours()}
        return context


def _colours() -> list[tuple[str, str]]:
    words = {
        "blue": pgettext("colour", "Blue"),
        "plum": pgettext("colour", "Plum"),
        "amber": pgettext("colour", "Amber"),
        "green": pgettext("colour", "Green"),
        "red": pgettext("colour", "Red"),
        "grey": pgettext("colour", "Grey"),
    }
    return [("", pgettext("colour", "No colour")), *((colour, words[colour]) for colour in COLOURS)]
