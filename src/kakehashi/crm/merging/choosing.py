"""Which value the merged record gets. Pure: values in, values out.

A choice for a field is the id of the record whose value it gets, `ALL` for what all of them hold together, or `SPARE` for an address
that would otherwise be lost.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kakehashi.core.fields.schema import FieldSchema
from kakehashi.core.fields.types import FieldType
from kakehashi.core.normalise.email import normal_email
from kakehashi.core.normalise.phone import normal_phone
from kakehashi.crm.modules.schema import ModuleSchema

ALL = "all"
SPARE = "spare"
Choices = Mapping[str, str]
_SPARE_PHONE = "Other_Phone"


@dataclass(frozen=True, slots=True)
class Contender:
    """One of the records to be merged. `values` hold the owner under "Owner"."""

    id: int
    values: Mapping[str, Any]
    created_at: datetime


def in_order_of_merit(contenders: Sequence[Contender]) -> list[Contender]:
    """The one with most data first; of equals the oldest."""
    return sorted(contenders, key=lambda one: (-filled_count(one), one.created_at, one.id))


def default_choices(fields: Sequence[FieldSchema], survivor: Contender, others: Sequence[Contender]) -> dict[str, str]:
    """The survivor's value; where it has none, the first one there is. What holds many is united, and no address is lost."""
    choices = {field.api_name: _default(field, [survivor, *others]) for field in fields}
    by_name = {field.api_name: field for field in fields}
    for field in fields:
        is_empty = not any(is_filled(one.values.get(field.api_name)) for one in (survivor, *others))
        if is_empty and spare_for(field, by_name, choices, [survivor, *others]):
            choices[field.api_name] = SPARE
    return choices


def chosen_values(fields: Sequence[FieldSchema], choices: Choices, contenders: Sequence[Contender]) -> dict[str, Any]:
    """What the survivor holds afterwards, by field."""
    by_name = {field.api_name: field for field in fields}
    return {field.api_name: _value(field, by_name, choices, contenders) for field in fields}


def is_filled(value: Any) -> bool:
    """An unchecked box counts as empty: whoever checked one meant it."""
    return value not in (None, "", [], False)


def filled_count(contender: Contender) -> int:
    return sum(is_filled(value) for value in contender.values.values())


def is_united(field: FieldSchema, contenders: Sequence[Contender]) -> bool:
    """Does it hold many values that differ among these records?"""
    lists = [value for one in contenders if isinstance(value := one.values.get(field.api_name), list) and value]
    return len(lists) > 1 and any(set(map(str, value)) != set(map(str, lists[0])) for value in lists)


def united(field: FieldSchema, contenders: Sequence[Contender]) -> list[Any]:
    lists = [value for one in contenders if isinstance(value := one.values.get(field.api_name), list)]
    found: list[Any] = []
    for value in lists:
        found += [entry for entry in value if entry not in found]
    return found


def spare_for(
    field: FieldSchema, fields: Mapping[str, FieldSchema], choices: Choices, contenders: Sequence[Contender]
) -> str:
    """An address that no choice keeps and that this field could hold; "" if there is none."""
    if not _takes_spares(field, fields):
        return ""
    normal: Callable[[str], str] = normal_email if field.type == FieldType.EMAIL else normal_phone
    alike = [one for one in fields.values() if one.type == field.type and one.api_name != field.api_name]
    settled = {name: choice for name, choice in choices.items() if choice != SPARE}
    kept = {normal(str(value)) for one in alike if (value := _value(one, fields, settled, contenders))}
    all_of_them = [one.values.get(name.api_name) for one in contenders for name in alike]
    return next((str(value) for value in all_of_them if value and normal(str(value)) not in kept), "")


def _takes_spares(field: FieldSchema, fields: Mapping[str, FieldSchema]) -> bool:
    if field.type == FieldType.PHONE:
        return field.api_name == _SPARE_PHONE
    first = next((name for name, one in fields.items() if one.type == FieldType.EMAIL), "")
    return field.type == FieldType.EMAIL and field.api_name != first


def _default(field: FieldSchema, contenders: Sequence[Contender]) -> str:
    if is_united(field, contenders):
        return ALL
    filled = (one for one in contenders if is_filled(one.values.get(field.api_name)))
    return str(next(filled, contenders[0]).id)


def _value(
    field: FieldSchema, fields: Mapping[str, FieldSchema], choices: Choices, contenders: Sequence[Contender]
) -> Any:
    choice = choices.get(field.api_name, "")
    if choice == ALL:
        return united(field, contenders) or None
    if choice == SPARE:
        return spare_for(field, fields, choices, contenders) or None
    return next((one.values.get(field.api_name) for one in contenders if str(one.id) == choice), None)


def mergeable_fields(module: ModuleSchema) -> list[FieldSchema]:
    """What can be chosen; the other fields (numbers given out, formulas) stay the survivor's."""
    return [field for field in module.fields.values() if not field.is_read_only]
