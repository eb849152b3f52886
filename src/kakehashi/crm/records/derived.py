"""What follows from a record's values: its name, its keys, its search tokens."""

from collections.abc import Iterator, Mapping
from typing import Any

from kakehashi.core.fields.registry import KINDS
from kakehashi.core.fields.schema import FieldSchema
from kakehashi.core.fields.types import FieldType
from kakehashi.core.normalise.names import is_in_eastern_letters, normal_name
from kakehashi.core.normalise.text import fold
from kakehashi.core.search.tokens import in_scope, index_tokens
from kakehashi.crm.modules.schema import ModuleSchema

Values = Mapping[str, Any]
KeyRow = tuple[str, str, str, bool]  # field, kind, value, is unique

_KEYED = (FieldType.EMAIL, FieldType.PHONE, FieldType.URL, FieldType.EMAILS, FieldType.PHONES)
_SAID_BY_TOKENS = (FieldType.PHONE, FieldType.PHONES)
_LONGEST_SEARCHED = 2_000  # of one value: a novel in the description does not have to be found by its last word


def name_of(values: Values, module: ModuleSchema) -> str:
    """The one field that names it, or the two of a person: 姓 名 in Eastern letters, first name first in others, unless the org
    wants one order for all.
    """
    parts = [str(values.get(name, "")) for name in module.name_fields]
    if not _is_family_first("".join(parts), module.name_order):
        parts.reverse()
    return " ".join(part for part in parts if part)[:300]


def sort_name_of(values: Values, name: str, module: ModuleSchema) -> str:
    """By what a list in order of name is sorted: the kana of people who have some, else the name; width and case folded."""
    return fold((module.is_person and kana_of(values)) or name)[:300]


def _is_family_first(name: str, order: str) -> bool:
    return order == "family" if order else is_in_eastern_letters(name)


def kana_of(values: Values) -> str:
    return " ".join(values[name] for name in ("Last_Name_Kana", "First_Name_Kana") if values.get(name))


def fill_formulas(values: dict[str, Any], module: ModuleSchema) -> None:
    """Put in what follows from the other values."""
    for field, formula in module.formulas:
        result = formula.result(values, decimals=field.decimals) if formula else None
        if result is None:
            values.pop(field.api_name, None)
        else:
            values[field.api_name] = result


def keys_of(values: Values, name: str, module: ModuleSchema) -> Iterator[KeyRow]:
    """Every key by which the record is found, the unique ones marked."""
    for api_name, value in values.items():
        field = module.fields.get(api_name)
        if field and value is not None and (field.is_unique or field.type in _KEYED):
            yield from keys_of_field(field, value)
    if normal := normal_name(name):
        yield "Full_Name", "name", normal[:320], False


def keys_of_field(field: FieldSchema, value: Any) -> Iterator[KeyRow]:
    kind = KINDS[field.type]
    unique = kind.unique_key(value) if field.is_unique else None
    if unique:
        yield field.api_name, unique[0], unique[1], True
    for key in kind.keys(value):
        if key != unique:
            yield field.api_name, key[0], key[1], False


def unique_keys(values: Values, module: ModuleSchema) -> Iterator[tuple[str, str]]:
    """(field, value) pairs that nobody else may have."""
    for field in module.unique:
        value = values.get(field.api_name)
        if value is not None:
            yield field.api_name, KINDS[field.type].unique_key(value)[1]


def tokens_of(values: Values, module: ModuleSchema) -> list[str]:
    """All that the record is found by in search: one pass over its words, and what phone numbers end with."""
    words: list[str] = []
    tokens: list[str] = []
    for api_name, value in values.items():
        field = module.fields.get(api_name)
        if field is None or value is None:
            continue
        kind = KINDS[field.type]
        if field.type in _SAID_BY_TOKENS:
            tokens += kind.tokens(value)
        elif text := kind.search_text(value):
            words.append(text[:_LONGEST_SEARCHED])
    return in_scope(index_tokens("\n".join(words)) + tokens, module.id)
