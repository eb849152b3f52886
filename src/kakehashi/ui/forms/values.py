"""Inputs for fields that people made: what they show, check and keep follows the kinds of `core.fields`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.html import escape

from kakehashi.core.errors import ProductError, Text
from kakehashi.core.fields.reasons import REQUIRED, ValueRefused
from kakehashi.core.fields.registry import kind_of
from kakehashi.core.fields.schema import FieldSchema

from .widgets import OneFile, RichText, SearchSelectMultiple


@dataclass(frozen=True, slots=True)
class Uploads:
    """Files that came with a form, and what takes one in: it answers the field's canonical value."""

    files: Any = None
    keep: Callable[["UploadedFile[Any]", FieldSchema], dict[str, Any]] | None = None


NO_UPLOADS = Uploads()


class ValueField(forms.Field):
    """A field as an administrator described it. `clean` answers the canonical value."""

    def __init__(
        self,
        schema: FieldSchema,
        *,
        widget: forms.Widget,
        uploads: Uploads = NO_UPLOADS,
        **options: Any,
    ) -> None:
        super().__init__(
            label=str(schema.label),
            required=schema.is_required,
            widget=widget,
            help_text=escape(schema.help_text),
            **options,
        )
        self.schema, self.uploads = schema, uploads
        self.is_wide = kind_of(schema).is_wide
        self.kept: Any = None  # an uploaded file, once it was taken in

    def prepare_value(self, value: Any) -> Any:
        """Canonical values become what stands in the input; what was typed stays as it is."""
        kind = kind_of(self.schema)
        if isinstance(value, UploadedFile):
            return kind.to_form(self.kept)
        return value if isinstance(value, str | list | bool) or value is None else kind.to_form(value)

    def clean(self, value: Any) -> Any:
        try:
            if isinstance(value, UploadedFile) and self.uploads.keep:
                value = self.kept = self.uploads.keep(value, self.schema)
            cleaned = kind_of(self.schema).clean(value, self.schema)
        except ValueRefused as refused:
            raise ValidationError(str(refused.reason.sentence)) from None
        except ProductError as refused:
            raise ValidationError(str(refused)) from None
        if isinstance(self.widget, OneFile) and cleaned:
            shown = self.widget.shown
            self.widget.shown = shown if shown and shown[0] == cleaned["name"] else (cleaned["name"], "")
        if cleaned is None and self.required:
            raise ValidationError(str(REQUIRED.sentence))
        return cleaned


def value_widget(field: FieldSchema, stored: Any = None) -> forms.Widget:
    """The input of a field that names no records or people and holds no file. What is stored stays a choice even if it is not offered any more."""
    kind = kind_of(field)
    makers: dict[str, Callable[[], forms.Widget]] = {
        "textarea": lambda: forms.Textarea(attrs={"rows": 4}),
        "checkbox": forms.CheckboxInput,
        "rich": RichText,
        "select": lambda: forms.Select(choices=[("", "—"), *_choices(field, stored)]),
        "multiselect": lambda: SearchSelectMultiple(choices=_choices(field, stored)),
    }
    if kind.widget in makers:
        return makers[kind.widget]()
    attrs = {"type": kind.input_type, "maxlength": str(field.max_length or 450)}
    if kind.input_mode:
        attrs["inputmode"] = kind.input_mode
    if kind.input_type == "email":
        attrs |= {"type": "text", "inputmode": "email", "autocapitalize": "none", "spellcheck": "false"}
    return forms.TextInput(attrs={**attrs, "autocomplete": "off"})


def _choices(field: FieldSchema, stored: Any) -> list[tuple[str, Text]]:
    choices: list[tuple[str, Text]] = [(choice.value, choice.label) for choice in field.choices]
    kept = stored if isinstance(stored, list) else [stored] if stored else []
    return choices + [(value, field.label_of(value)) for value in kept if value not in dict(choices)]
