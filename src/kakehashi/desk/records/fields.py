"""Typed fields by their Desk API names: the one table from which forms, actions and the bridge read (contracts §3.8–3.10)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext_lazy as _

from kakehashi.core.errors import InvalidValues, Text
from kakehashi.core.normalise.email import normal_email

MOST_IN_A_LIST = 50


@dataclass(frozen=True, slots=True)
class RecordField:
    """`type` is one of text, textarea, email, phone, url, decimal, account, emails, phones: what a value must be and how it is typed in.

    The last two hold a list of texts, typed one a line; `max_length` is that of each.
    """

    api_name: str
    column: str
    label: Text
    type: str = "text"
    max_length: int | None = 250
    is_required: bool = False

    @property
    def is_list(self) -> bool:
        return self.type in {"emails", "phones"}

    def shown(self, value: Any) -> Any:
        return ", ".join(value) if self.is_list else value

    def typed(self, value: Any) -> Any:
        """A value as it stands in a form: lists one a line, 58000.00 as 58000."""
        if isinstance(value, Decimal):
            return format(value.normalize(), "f")
        return "\n".join(value) if self.is_list and isinstance(value, list) else value


def clean_values(fields: Sequence[RecordField], values: Mapping[str, Any], *, is_new: bool) -> dict[str, Any]:
    """Columns and their values for the given API names. Raises `InvalidValues` keyed by API name. `cf` passes as `custom`."""
    by_name = {field.api_name: field for field in fields}
    columns: dict[str, Any] = {}
    problems: dict[str, Text] = {}
    for name, value in values.items():
        if name == "cf":
            columns["custom"] = dict(value or {})
        elif (field := by_name.get(name)) is None:
            problems[name] = _("There is no such field.")
        else:
            columns[field.column], problem = _clean(field, value)
            if problem:
                problems[name] = problem
    if is_new:
        problems |= {f.api_name: _("Required.") for f in fields if f.is_required and f.api_name not in values}
    if problems:
        raise InvalidValues(problems)
    return columns


def _clean(field: RecordField, value: Any) -> tuple[Any, Text]:
    if field.type in _TYPED:
        return _TYPED[field.type](value)
    if field.is_list:
        return _clean_list(field, value)
    text = "" if value is None else str(value).replace("\x00", "").strip()
    if not text and field.is_required:
        return text, _("Required.")
    if field.max_length and len(text) > field.max_length:
        return text, _("At most %(limit)s characters.") % {"limit": field.max_length}
    if text and field.type == "email" and not normal_email(text):
        return text, _("This is not an e-mail address.")
    return text, ""


def _clean_list(field: RecordField, value: Any) -> tuple[list[str], Text]:
    """Each once, in the order given."""
    lines = value.splitlines() if isinstance(value, str) else value or []
    texts = list(dict.fromkeys(text for line in lines if (text := str(line).replace("\x00", "").strip())))
    if len(texts) > MOST_IN_A_LIST:
        return texts, _("At most %(limit)s of them.") % {"limit": MOST_IN_A_LIST}
    if field.max_length and any(len(text) > field.max_length for text in texts):
        return texts, _("At most %(limit)s characters.") % {"limit": field.max_length}
    if field.type == "emails" and (wrong := [text for text in texts if not normal_email(text)]):
        return texts, _("“%(text)s” is not an e-mail address.") % {"text": wrong[0]}
    return texts, ""


def _clean_decimal(value: Any) -> tuple[Decimal | None, Text]:
    if value in (None, ""):
        return None, ""
    try:
        number = Decimal(str(value).replace(",", "")).quantize(Decimal("0.01"))
    except InvalidOperation:
        return None, _("This is not a number.")
    if not number.is_finite() or abs(number) >= Decimal(10) ** 18:
        return None, _("This is not a number.")
    return number, ""


def _clean_reference(value: Any) -> tuple[int | None, Text]:
    if value in (None, "", 0):
        return None, ""
    try:
        return int(value), ""
    except (TypeError, ValueError):
        return None, _("There is no such record.")


_TYPED: dict[str, Callable[[Any], tuple[Any, Text]]] = {"decimal": _clean_decimal, "account": _clean_reference}


def storable(value: Any) -> Any:
    """A value as it stands in an event: JSON."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return value
