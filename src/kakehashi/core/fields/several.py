"""Any number of e-mail addresses or phone numbers in one field, each with a word for what it is."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from .kind import Key, Kind, Names
from .reasons import ValueRefused
from .schema import FieldSchema
from .text import EmailKind, PhoneKind, TextKind

_PARTED = re.compile(r"[;,、\n]+")
_LABEL = TextKind()
_LONGEST_LABEL = 30
MOST = 20

Entry = dict[str, str]  # {"value": …, "label": …}


class SeveralKind(Kind):
    """Canonical: a list of {"value", "label"}, each value once. Takes text, too: parts between ; , or line ends, "label: value" or
    "value (label)".
    """

    widget = "several"
    one: TextKind

    def clean(self, value: Any, schema: FieldSchema) -> list[Entry] | None:
        found: dict[Any, Entry] = {}
        for part in _parts(value):
            entry = self._entry(part, schema)
            if entry:
                found.setdefault(self.same(entry["value"]), entry)
        return list(found.values())[:MOST] or None

    def same(self, value: str) -> Any:
        """What two ways to write one value have in common."""
        return next(iter(self.one.keys(value)), value)

    def display(self, value: Any, schema: FieldSchema, names: Names) -> str:
        return ", ".join(
            f"{entry['value']} ({entry['label']})" if entry["label"] else entry["value"] for entry in value or ()
        )

    def keys(self, value: Any) -> Iterable[Key]:
        return [key for entry in value or () for key in self.one.keys(entry["value"])]

    def search_text(self, value: Any) -> str:
        return "\n".join(self.one.search_text(entry["value"]) for entry in value)

    def tokens(self, value: Any) -> list[str]:
        return [token for entry in value for token in self.one.tokens(entry["value"])]

    def to_form(self, value: Any) -> Any:
        return value

    def _entry(self, part: Any, schema: FieldSchema) -> Entry | None:
        given = part if isinstance(part, Mapping) else self._read(str(part))
        value = self.one.clean(given.get("value"), schema)
        label = _LABEL.clean(given.get("label"), schema) or ""
        return {"value": value, "label": label[:_LONGEST_LABEL]} if value else None

    def _read(self, text: str) -> Entry:
        """A part of a line as people write it: the whole of it where that is a value, else with a word before or behind."""
        for pattern in (
            r"(?P<value>[^()（）]+?)\s*[(（](?P<label>[^()（）]*)[)）]\s*",
            r"(?P<label>[^:：@]+)[:：]\s*(?P<value>.+)",
        ):
            if (match := re.fullmatch(pattern, text.strip())) and self._is_value(match["value"]):
                return match.groupdict()
        return {"value": text, "label": ""}

    def _is_value(self, text: str) -> bool:
        return any(letter.isdigit() for letter in text)


class EmailsKind(SeveralKind):
    one = EmailKind()

    def _is_value(self, text: str) -> bool:
        return "@" in text


class PhonesKind(SeveralKind):
    one = PhoneKind()


def _parts(value: Any) -> Iterable[Any]:
    if value is None:
        return ()
    if isinstance(value, str):
        return [part for part in _PARTED.split(value) if part.strip()]
    if isinstance(value, Mapping):
        return [value]
    if isinstance(value, Iterable):
        return value
    raise ValueRefused("“%(value)s” is not one of the choices.", value=str(value)[:40])


def values_in(value: Any) -> list[str]:
    """The bare addresses or numbers of a value, whether its field holds one or several."""
    if isinstance(value, list):
        return [entry["value"] for entry in value]
    return [value] if value else []
