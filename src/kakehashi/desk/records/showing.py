"""Values of contacts, accounts and products as people read them."""

from collections.abc import Iterable, Mapping
from typing import Any

from kakehashi.ui.templatetags.ui_words import number

from .fields import RecordField


def text_of(field: RecordField, value: Any, account_names: Mapping[int, str]) -> str:
    if value in (None, ""):
        return ""
    if field.type == "account":
        return account_names.get(value, "")
    if field.type == "decimal":
        return number(value)
    return str(field.shown(value))


def account_ids(values: Iterable[Mapping[str, Any]]) -> set[int]:
    """The accounts that such values name."""
    return {value for one in values if isinstance(value := one.get("accountId"), int)}
