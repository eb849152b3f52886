"""Which value the merged record gets. Pure: values in, values out.

A choice for a field is the id of the record whose value it gets, or `ALL` for what all of them hold together.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kakehashi.core.normalise.email import normal_email
from kakehashi.core.normalise.phone import normal_phone
from kakehashi.desk.records.fields import MOST_IN_A_LIST, RecordField

ALL = "all"
Choices = Mapping[str, str]
_SPARES: Sequence[tuple[str, str, str, Callable[[str], str]]] = (
    ("email", "emails", "secondaryEmail", normal_email),
    ("phone", "phones", "", normal_phone),
)


@dataclass(frozen=True, slots=True)
class Contender:
    """One of the records to be merged."""

    id: int
    values: Mapping[str, Any]
    created_at: datetime


def in_order_of_merit(contenders: Sequence[Contender]) -> list[Contender]:
    """The one with most data first; of equals the oldest."""
    return sorted(contenders, key=lambda one: (-filled_count(one), one.created_at, one.id))


def filled_count(contender: Contender) -> int:
    return sum(map(is_filled, contender.values.values()))


def is_filled(value: Any) -> bool:
    return value not in (None, "", [], {})


def default_choices(fields: Sequence[RecordField], contenders: Sequence[Contender]) -> dict[str, str]:
    """The first one's value, who survives; where it has none, the next one's: empty never wins (lessons A14). Lists are united."""
    return {field.api_name: _default(field, contenders) for field in fields}


def chosen_values(fields: Sequence[RecordField], choices: Choices, contenders: Sequence[Contender]) -> dict[str, Any]:
    """What the survivor holds afterwards, by API name; fields without a choice are left out."""
    by_id = {str(one.id): one for one in contenders}
    values: dict[str, Any] = {}
    for field in fields:
        choice = choices.get(field.api_name, "")
        if choice == ALL:
            values[field.api_name] = united(field, contenders)
        elif choice in by_id:
            values[field.api_name] = by_id[choice].values.get(field.api_name)
    return values


def is_united(field: RecordField, contenders: Sequence[Contender]) -> bool:
    """Does it hold many values that differ among these records?"""
    lists = [value for one in contenders if field.is_list and (value := one.values.get(field.api_name))]
    return len(lists) > 1 and any(value != lists[0] for value in lists)


def united(field: RecordField, contenders: Sequence[Contender]) -> list[str]:
    texts = [text for one in contenders for text in one.values.get(field.api_name) or ()]
    return list(dict.fromkeys(texts))[:MOST_IN_A_LIST]


def with_spares(
    fields: Sequence[RecordField], values: Mapping[str, Any], contenders: Sequence[Contender]
) -> dict[str, Any]:
    """The same values, and every address and phone that no choice has kept: as Secondary Email where that is empty, else among the further ones."""
    kept = dict(values)
    for single, many, second, normal in _SPARES:
        singles = [field.api_name for field in fields if field.type == single]
        if room := next((field.api_name for field in fields if field.type == many), ""):
            has = {normal(text) for text in _texts(singles, room, [kept])}
            for text in _texts(singles, room, [one.values for one in contenders]):
                if normal(text) not in has:
                    has.add(normal(text))
                    _keep(kept, text, second, room)
    return kept


def _keep(kept: dict[str, Any], text: str, second: str, room: str) -> None:
    if second and not kept.get(second):
        kept[second] = text
    else:
        kept[room] = [*(kept.get(room) or ()), text][:MOST_IN_A_LIST]


def _texts(singles: Sequence[str], room: str, records: Sequence[Mapping[str, Any]]) -> list[str]:
    """The first addresses of all, then the second ones, then the rest."""
    texts = [values.get(name) or "" for name in singles for values in records]
    return [text for text in [*texts, *(text for values in records for text in values.get(room) or ())] if text]


def _default(field: RecordField, contenders: Sequence[Contender]) -> str:
    if is_united(field, contenders):
        return ALL
    filled = (one for one in contenders if is_filled(one.values.get(field.api_name)))
    return str(next(filled, contenders[0]).id)
