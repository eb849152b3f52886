"""Inputs of ours for Django forms."""

from collections.abc import Sequence
from typing import Any

from django import forms

from kakehashi.core.errors import Text


class SearchSelect(forms.Select):
    """A list to choose from by typing. With `url`, what was typed is asked for there: JSON [{"value", "text", "hint"}]."""

    def __init__(
        self, *, url: str = "", placeholder: Text = "", attrs: dict[str, Any] | None = None, choices: Any = ()
    ) -> None:
        marks = {"data-search": url or "here", "data-placeholder": placeholder}
        super().__init__(attrs={**marks, **(attrs or {})}, choices=choices)


class SearchSelectMultiple(forms.SelectMultiple):
    """The same for several."""

    def __init__(
        self, *, url: str = "", placeholder: Text = "", attrs: dict[str, Any] | None = None, choices: Any = ()
    ) -> None:
        marks = {"data-search": url or "here", "data-placeholder": placeholder}
        super().__init__(attrs={**marks, **(attrs or {})}, choices=choices)


class Switch(forms.CheckboxInput):
    """On or off, at once understood as such."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs={"class": "k-switch", "role": "switch", **(attrs or {})})


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%d")


class DateTimeInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%dT%H:%M")


class FilesInput(forms.ClearableFileInput):
    """Several files at once, with a place to drop them."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class FilesField(forms.FileField):
    """Cleans to a list of uploaded files."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = data if isinstance(data, list | tuple) else [data] if data else []
        if not given:
            super().clean(None, initial)  # says that one is needed, if one is
        return [super(FilesField, self).clean(one, initial) for one in given]


class OneFile(forms.FileInput):
    """One file that is there already, or a new one in its place. What is there travels as a signed text, so that a form that is shown
    again has lost nothing. `shown`: (name, address of a preview) of what is there.
    """

    template_name = "ui/components/templates/one_file.html"

    def __init__(self, *, shown: tuple[str, str] | None = None, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs)
        self.shown = shown

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, None, attrs)
        context["widget"] |= {"kept": value if isinstance(value, str) else "", "shown": self.shown}
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.get(f"{name}-file") or ("" if f"{name}-remove" in data else data.get(name, ""))

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in data and f"{name}-file" not in files


class Several(forms.Widget):
    """Any number of values, each with a word for what it is; `labels` are offered for those. Its value: [{"value", "label"}]."""

    template_name = "ui/components/templates/several.html"

    def __init__(
        self, *, labels: Sequence[Text] = (), is_email: bool = False, attrs: dict[str, Any] | None = None
    ) -> None:
        super().__init__(attrs=attrs)
        self.labels, self.is_email = labels, is_email

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        entries = [entry for entry in value or [] if isinstance(entry, dict)]
        context["widget"] |= {
            "entries": [*entries, {"value": "", "label": ""}],
            "labels": self.labels,
            "type": "email" if self.is_email else "tel",
        }
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        if not hasattr(data, "getlist"):
            return data.get(name)
        values, labels = data.getlist(name), data.getlist(f"{name}-label")
        return [
            {"value": value, "label": labels[place] if place < len(labels) else ""}
            for place, value in enumerate(values)
            if value.strip()
        ]

    def id_for_label(self, id_: str, index: str | int | None = None) -> str:
        return f"{id_}-0" if id_ else id_


class RichText(forms.Textarea):
    """A Trix editor; its value is HTML that the action must sanitise."""

    template_name = "ui/components/templates/rich_text.html"
