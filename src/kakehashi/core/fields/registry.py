"""The kind of every field type."""

from typing import Any

from .choices import BooleanKind, MultipicklistKind, PicklistKind
from .dates import DateKind, DatetimeKind
from .files import FileKind, ImageKind
from .formulas import RESULTS, FormulaKind
from .kind import Kind
from .links import LookupKind, MultilookupKind, OwnerKind
from .numbers import AutonumberKind, CurrencyKind, DecimalKind, IntegerKind, PercentKind
from .rich import RichTextKind
from .schema import FieldSchema
from .several import EmailsKind, PhonesKind
from .text import EmailKind, PhoneKind, TextareaKind, TextKind, UrlKind
from .types import FieldType

KINDS: dict[FieldType, Kind] = {
    FieldType.TEXT: TextKind(),
    FieldType.TEXTAREA: TextareaKind(),
    FieldType.RICHTEXT: RichTextKind(),
    FieldType.EMAIL: EmailKind(),
    FieldType.PHONE: PhoneKind(),
    FieldType.EMAILS: EmailsKind(),
    FieldType.PHONES: PhonesKind(),
    FieldType.URL: UrlKind(),
    FieldType.INTEGER: IntegerKind(),
    FieldType.DECIMAL: DecimalKind(),
    FieldType.CURRENCY: CurrencyKind(),
    FieldType.PERCENT: PercentKind(),
    FieldType.DATE: DateKind(),
    FieldType.DATETIME: DatetimeKind(),
    FieldType.BOOLEAN: BooleanKind(),
    FieldType.PICKLIST: PicklistKind(),
    FieldType.MULTIPICKLIST: MultipicklistKind(),
    FieldType.LOOKUP: LookupKind(),
    FieldType.MULTILOOKUP: MultilookupKind(),
    FieldType.OWNER: OwnerKind(),
    FieldType.AUTONUMBER: AutonumberKind(),
    FieldType.FILE: FileKind(),
    FieldType.IMAGE: ImageKind(),
    FieldType.FORMULA: FormulaKind(),
}


def kind_of(schema: FieldSchema) -> Kind:
    """How its values are shown; a formula's like those of its result."""
    return RESULTS[schema.stored_type] if schema.type == FieldType.FORMULA else KINDS[schema.type]


def clean_value(value: Any, schema: FieldSchema) -> Any:
    """The canonical form of a value for a field, None when empty. Raises `ValueRefused`."""
    return KINDS[schema.type].clean(value, schema)
