"""Values on their way between the two sides: as JSON for keeping, in one common form for comparing.

A stored value (`keep`) is JSON: str, int, bool, list[str] or None; a Decimal is its plain text, a date or time its ISO text. Bases,
journal and reconciling know stored values only; `revive` gives a side its canonical value back.
"""

import re
import unicodedata
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation

from kakehashi.bridge.sides.records import FieldType, Value
from kakehashi.core.normalise.email import normal_email
from kakehashi.core.normalise.phone import normal_phone

Stored = str | int | bool | list[str] | None

_TEXTS = {"text", "textarea", "email", "phone", "url", "picklist"}
_NUMBERS = {"integer", "decimal", "currency", "percent"}
_SPACES = re.compile(r"\s+")


def keep(value: Value) -> Stored:
    """A canonical value as JSON. Empty text, an empty list and None are all None: both products show them alike."""
    if type(value) is str:
        return value or None
    if value is None or value == []:
        return None
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return [str(item) for item in value]
    return value if isinstance(value, (str, int, bool)) else str(value)


def revive(stored: Stored, field_type: FieldType) -> Value:
    """The canonical value that a field of this type wants. Text that is no number or date stays text: the side will say so."""
    if stored is None:
        return [] if field_type == "multipicklist" else None
    if field_type in _TEXTS and type(stored) is str:
        return stored
    if field_type in _NUMBERS:
        return _number(stored, field_type)
    if field_type == "multipicklist":
        return stored if isinstance(stored, list) else [str(stored)]
    if field_type == "datetime" and isinstance(stored, str):
        return _moment(stored)
    if field_type == "date" and isinstance(stored, str):
        return _day(stored)
    if field_type in {"boolean", "lookup", "owner"}:
        return stored
    return "; ".join(stored) if isinstance(stored, list) else str(stored)


def common(stored: Stored, field_type: FieldType) -> Stored:
    """The form in which two sides' values are compared, so that a side's own spelling is no difference."""
    if stored is None or isinstance(stored, bool):
        return stored
    if isinstance(stored, list):
        return sorted(stored)
    if field_type in _NUMBERS:
        number = _number(stored, "decimal")
        return format(number.normalize(), "f") if isinstance(number, Decimal) else str(number)
    if field_type == "email":
        return normal_email(str(stored)) or str(stored)
    if field_type == "phone":
        return normal_phone(str(stored)) or str(stored)
    if field_type == "datetime":  # a CRM may cut fractions of a second off (contracts §0.8)
        moment = _moment(str(stored))
        return moment.replace(microsecond=0).isoformat() if isinstance(moment, datetime) else str(stored)
    if isinstance(stored, int):
        return stored
    return _SPACES.sub(" ", unicodedata.normalize("NFC", stored)).strip() or None


def _number(stored: Stored, field_type: FieldType) -> Value:
    try:
        number = Decimal(str(stored).replace(",", ""))
    except InvalidOperation:
        return str(stored)
    if not number.is_finite():
        return str(stored)
    return int(number) if field_type == "integer" and number == number.to_integral_value() else number


def _moment(text: str) -> datetime | str:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return text


def _day(text: str) -> date | str:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text
