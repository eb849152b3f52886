"""How the standard modules are written down: metadata that every org gets, with labels in the reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kakehashi.core.errors import Text
from kakehashi.core.fields.types import FieldType

Choices = tuple[tuple[str, Text], ...]


@dataclass(frozen=True, slots=True)
class StandardField:
    """`choices` pair what is stored (as Zoho spells it) with what is read. `language` limits a field to orgs of that
    language; a computed one follows from other fields and is never typed.
    """

    api_name: str
    label: Text
    type: FieldType = FieldType.TEXT
    is_required: bool = False
    is_unique: bool = False
    choices: Choices = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    language: str = ""
    is_computed: bool = False


@dataclass(frozen=True, slots=True)
class StandardSection:
    key: str
    label: Text
    fields: tuple[StandardField, ...]


@dataclass(frozen=True, slots=True)
class StandardModule:
    """`name_fields` make the record's name: one field, or last and first name. `columns` are those of a new list."""

    api_name: str
    singular: Text
    plural: Text
    icon: str
    sections: tuple[StandardSection, ...]
    name_fields: tuple[str, ...]
    columns: tuple[str, ...]

    @property
    def fields(self) -> dict[str, StandardField]:
        return {entry.api_name: entry for section in self.sections for entry in section.fields}


def lookup(api_name: str, label: Text, module: str) -> StandardField:
    return StandardField(api_name, label, FieldType.LOOKUP, options={"lookup": module})


def picklist(api_name: str, label: Text, choices: Choices, *, is_required: bool = False) -> StandardField:
    return StandardField(api_name, label, FieldType.PICKLIST, choices=choices, is_required=is_required)
