"""Values as they stand in the cells of an export: text that an import reads back."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from .kind import Names
from .registry import kind_of
from .schema import FieldSchema
from .types import FieldType

_AS_STORED = (
    FieldType.DATE, FieldType.INTEGER, FieldType.DECIMAL, FieldType.CURRENCY, FieldType.PERCENT, FieldType.TEXT,
    FieldType.TEXTAREA, FieldType.EMAIL, FieldType.PHONE, FieldType.URL, FieldType.AUTONUMBER,
)  # fmt: skip


def plain_text(value: Any, field: FieldSchema, names: Names) -> str:
    """ "" for an empty one."""
    if value is None:
        return ""
    if field.stored_type in _AS_STORED:
        return str(value)
    if field.stored_type == FieldType.BOOLEAN:
        return "TRUE" if value else "FALSE"
    if field.stored_type == FieldType.DATETIME:
        return plain_moment(datetime.fromisoformat(value))
    if field.type == FieldType.MULTIPICKLIST:
        return ";".join(str(field.label_of(part)) for part in value)
    return kind_of(field).display(value, field, names)


def plain_moment(at: datetime | None) -> str:
    """In the time zone of whoever takes the file, to the minute; "" for none."""
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""
