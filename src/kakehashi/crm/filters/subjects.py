"""What of a record can be asked: the fields of its module, and what the product itself keeps of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kakehashi.core.errors import Text
from kakehashi.crm.fields.registry import KINDS
from kakehashi.crm.fields.schema import FieldSchema
from kakehashi.crm.fields.types import FieldType
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.ui.slots import Slot

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
    """`column` names the record's own column where the value is not among its `values`; `ask` builds the whole condition elsewhere."""

    name: str
    label: Text
    family: Family
    field: FieldSchema | None = None
    column: str = ""
    choices: Sequence[tuple[str, Text]] = ()
    ask: Callable[[int, Sequence[str]], Q] | None = None  # (org id, values): the records that have any of them


Subjects = Mapping[str, Subject]

# What floors or features keep beside a record's values and want to be asked for, such as tags.
MORE_SUBJECTS: Slot[Callable[[ModuleSchema], Sequence[Subject]]] = Slot("filter subjects")


def subjects_of(module: ModuleSchema) -> dict[str, Subject]:
    """By name, in the order of the form; of a module as a person may see it."""
    subjects = {name: _of_field(field) for name, field in module.fields.items() if not field.is_hidden}
    kept = [subject for subject in _of_every_record(module) if subject.name not in subjects]
    more = [subject for source in MORE_SUBJECTS for subject in source(module)]
    return subjects | {subject.name: subject for subject in (*kept, *more)}


def _of_field(field: FieldSchema) -> Subject:
    column = "owner_id" if field.api_name == "Owner" else ""
    choices = [(choice.value, choice.label) for choice in (*field.choices, *field.retired_choices)]
    return Subject(field.api_name, field.label, _family_of(field), field, column, choices)


def _family_of(field: FieldSchema) -> Family:
    family = _FAMILIES.get(field.stored_type)
    if family is None:
        family = Family.NUMBER if KINDS[field.stored_type].is_number else Family.TEXT
    return family


def _of_every_record(module: ModuleSchema) -> list[Subject]:
    named = [Subject("Full_Name", _("Full name"), Family.TEXT, column="name")] if module.is_person else []
    return [
        *named,
        Subject("Created_Time", _("Created"), Family.MOMENT, column="created_at"),
        Subject("Created_By", _("Created by"), Family.PERSON, column="created_by_id"),
        Subject("Modified_Time", pgettext_lazy("when", "Changed"), Family.MOMENT, column="modified_at"),
        Subject("Modified_By", _("Changed by"), Family.PERSON, column="modified_by_id"),
    ]
