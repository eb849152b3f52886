"""What a person chose for each column of a file, and for the file as a whole."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from kakehashi.core.fields.schema import FieldSchema
from kakehashi.core.fields.types import FieldType
from kakehashi.crm.modules.schema import ModuleSchema

FULL_NAME = "Full_Name"  # 姓 and 名 in one cell
TAGS = "Tag"  # no field can have this name
RECORD_ID = "Record_Id"  # our own number of a record, as exports carry it

REFUSE, LEAVE_EMPTY, ADD, CREATE = "refuse", "empty", "add", "create"
YEAR_FIRST, DAY_FIRST, MONTH_FIRST = "ymd", "dmy", "mdy"

_DATES = (FieldType.DATE, FieldType.DATETIME)
_CHOICES = (FieldType.PICKLIST, FieldType.MULTIPICKLIST)
_SEVERAL = (FieldType.EMAILS, FieldType.PHONES)
_LINKS = (FieldType.LOOKUP, FieldType.MULTILOOKUP)
_NOT_FROM_A_CELL = (FieldType.FILE, FieldType.IMAGE)
_POSTAL_CODES = ("Mailing_Zip", "Other_Zip", "Billing_Code", "Shipping_Code", "Zip_Code")


@dataclass(frozen=True, slots=True)
class Column:
    """`field` is an API name, `FULL_NAME`, `RECORD_ID`, or "" to leave the column out; `why` says what the guess stands on."""

    header: str
    field: str = ""
    why: str = ""
    missing: str = REFUSE  # what happens to a name or choice that is not there yet
    day_order: str = YEAR_FIRST
    drops_honorific: bool = False
    restores_zero: bool = True
    is_made: bool = False  # the field was made for this column

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def becoming(self, field: str, module: ModuleSchema, why: str = "") -> "Column":
        """This column with another field, and with what is usual for a field of that type."""
        schema = module.fields.get(field)
        missing = CREATE if schema and is_link(schema) else REFUSE
        return replace(self, field=field, why=why, missing=missing, is_made=False)


def columns_from_json(stored: Sequence[Mapping[str, Any]]) -> list[Column]:
    return [Column(**column) for column in stored]


def targets(module: ModuleSchema) -> list[str]:
    """What a column can become: the fields that this person may fill, a person's whole name, tags, the record's own number."""
    names = [field.api_name for field in module.fields.values() if is_importable(field)]
    return [*([FULL_NAME] if module.is_person else []), *names, TAGS, RECORD_ID]


def is_importable(field: FieldSchema) -> bool:
    return not field.is_read_only and field.type not in _NOT_FROM_A_CELL


def holds_several(name: str, module: ModuleSchema) -> bool:
    """Whether several columns, and several values in one cell, can go into it."""
    return name == TAGS or (name in module.fields and module.fields[name].type in _SEVERAL)


def is_link(field: FieldSchema) -> bool:
    return field.type in _LINKS


def is_pick_list(field: FieldSchema) -> bool:
    return field.type in _CHOICES


def is_date(field: FieldSchema) -> bool:
    return field.type in _DATES


def loses_zeros(field: FieldSchema) -> bool:
    return field.type in (FieldType.PHONE, FieldType.PHONES) or field.api_name in _POSTAL_CODES


def is_postal_code(field: FieldSchema) -> bool:
    return field.api_name in _POSTAL_CODES


def names_people(name: str, module: ModuleSchema) -> bool:
    """Columns whose cells may end in 様 or 御中."""
    field = module.fields.get(name)
    return name == FULL_NAME or name in module.name_fields or bool(field and is_link(field)) or name == "Company"
