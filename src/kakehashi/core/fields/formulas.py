"""A value that follows from others of its record. How it is found out: `crm.formulas`; here is what it looks like."""

from typing import Any

from .choices import BooleanKind
from .dates import DateKind, DatetimeKind
from .kind import Kind, Names
from .numbers import DecimalKind
from .schema import FieldSchema
from .text import TextKind
from .types import FieldType

RESULTS: dict[FieldType, Kind] = {
    FieldType.DECIMAL: DecimalKind(),
    FieldType.TEXT: TextKind(),
    FieldType.DATE: DateKind(),
    FieldType.DATETIME: DatetimeKind(),
    FieldType.BOOLEAN: BooleanKind(),
}


class FormulaKind(Kind):
    """As its result is: `schema.stored_type`. Handing in a value is handing in what the record has already."""

    def clean(self, value: Any, schema: FieldSchema) -> Any:
        return value

    def display(self, value: Any, schema: FieldSchema, names: Names) -> str:
        return RESULTS[schema.stored_type].display(value, schema, names)

    def search_text(self, value: Any) -> str:
        return value if isinstance(value, str) else ""
