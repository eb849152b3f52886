"""What can be asked of a row: its fields by the families of their types, and what is kept beside them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo

from django.db.models import Q

from kakehashi.core.errors import Text
from kakehashi.core.fields.registry import KINDS
from kakehashi.core.fields.schema import FieldSchema
from kakehashi.core.fields.types import FieldType

from .operators import Family

_FAMILIES: dict[FieldType, Family] = {
    FieldType.DATE: Family.DATE,
    FieldType.DATETIME: Family.MOMENT,
    FieldType.BOOLEAN: Family.YES_NO,
    FieldType.PICKLIST: Family.CHOICE,
    FieldType.MULTIPICKLIST: Family.CHOICES,
    FieldType.LOOKUP: Family.LINK,
    FieldType.OWNER: Family.PERSON,
    FieldType.MULTILOOKUP: Family.LINKS,
    FieldType.FILE: Family.PRESENCE,
    FieldType.IMAGE: Family.PRESENCE,
}


@dataclass(frozen=True, slots=True)
class Subject:
    """`column` names the row's own column where the value is not in its JSON store; `ask` builds the whole condition elsewhere.

    `is_text` says that an empty column holds "" and not null. `choices_url` answers what can be chosen, where that is too much to list.
    """

    name: str
    label: Text
    family: Family
    field: FieldSchema | None = None
    column: str = ""
    choices: Sequence[tuple[str, Text]] = ()
    ask: Callable[[int, Sequence[str]], Q] | None = None  # (tenant id, values): the rows that have any of them
    is_text: bool = False
    choices_url: str = ""
    offer: Callable[[], Sequence[tuple[str, Text]]] | None = None  # choices that are read only when they are shown
    zone: tzinfo | None = None  # whose days these are, where they are not the reader's

    def offered(self) -> Sequence[tuple[str, Text]]:
        return self.offer() if self.offer else self.choices


Subjects = Mapping[str, Subject]


def subject_of(field: FieldSchema, column: str = "") -> Subject:
    """What can be asked of a field."""
    choices = [(choice.value, choice.label) for choice in (*field.choices, *field.retired_choices)]
    return Subject(field.api_name, field.label, family_of(field), field, column, choices)


def family_of(field: FieldSchema) -> Family:
    family = _FAMILIES.get(field.stored_type)
    if family is None:
        family = Family.NUMBER if KINDS[field.stored_type].is_number else Family.TEXT
    return family
