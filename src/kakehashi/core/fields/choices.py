"""One of several, several of several, yes or no."""

import unicodedata
from collections.abc import Iterable
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext, gettext_noop, override

from .kind import Kind, Names
from .reasons import ValueRefused
from .schema import FieldSchema

_YES = {"1", "true", "yes", "y", "on", "t", "はい", "有", "あり", "有り", "○", "〇", "◯", "✓", "する", "真"}
_NO = {"", "0", "false", "no", "n", "off", "f", "いいえ", "無", "なし", "無し", "×", "✕", "しない", "偽", "-"}


class BooleanKind(Kind):
    widget = "checkbox"

    def clean(self, value: Any, schema: FieldSchema) -> bool | None:
        if isinstance(value, bool) or value is None:
            return value
        text = unicodedata.normalize("NFKC", str(value)).strip().casefold()
        if text in _YES:
            return True
        if text in _NO:
            return False
        raise ValueRefused(gettext_noop("“%(value)s” is neither yes nor no."), value=str(value)[:40])

    def from_form(self, data: QueryDict, name: str) -> bool:
        return name in data and data[name] not in {"", "false"}

    def to_form(self, value: Any) -> str:
        return "on" if value else ""

    def display(self, value: Any, schema: FieldSchema, names: Names) -> str:
        return gettext("Yes") if value else gettext("No")


class PicklistKind(Kind):
    """Stores the value as Zoho names it; takes the label in either language, too, so that a spreadsheet may say 製造業."""

    widget = "select"

    def clean(self, value: Any, schema: FieldSchema) -> Any:
        text = "" if value is None else str(value).strip()
        return find_choice(text, schema) if text else None

    def display(self, value: Any, schema: FieldSchema, names: Names) -> str:
        return "" if value is None else str(schema.label_of(value))

    def search_text(self, value: Any) -> str:
        return ""


class MultipicklistKind(PicklistKind):
    widget = "multiselect"

    def clean(self, value: Any, schema: FieldSchema) -> list[str] | None:
        if value is None:
            return None
        parts = value.replace("、", ";").replace("\n", ";").split(";") if isinstance(value, str) else list(value)
        chosen = [find_choice(str(part).strip(), schema) for part in parts if str(part).strip()]
        return list(dict.fromkeys(chosen)) or None

    def from_form(self, data: QueryDict, name: str) -> list[str]:
        return data.getlist(name)

    def to_form(self, value: Any) -> str:
        return ";".join(value or ())

    def display(self, value: Any, schema: FieldSchema, names: Names) -> str:
        return ", ".join(str(schema.label_of(part)) for part in value or ())


def find_choice(text: str, schema: FieldSchema) -> str:
    """The stored value that a text names, by value or by label in any language we speak."""
    if any(text == choice.value for choice in (*schema.choices, *schema.retired_choices)):
        return text
    wanted = _folded(text)
    for choice in schema.choices:
        if wanted in _names_of(choice.value, choice.label):
            return choice.value
    raise ValueRefused(gettext_noop("“%(value)s” is not one of the choices."), value=text[:40])


def _names_of(value: str, label: Any) -> Iterable[str]:
    names = {_folded(value)}
    for language in ("ja", "en"):
        with override(language):
            names.add(_folded(str(label)))
    return names


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip()
