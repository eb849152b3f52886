"""Columns of a list: fields of the module, its tags, and when and by whom a record was made and changed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kakehashi.core.errors import Text
from kakehashi.core.fields.registry import KINDS
from kakehashi.core.fields.types import FieldType
from kakehashi.crm.modules.schema import ModuleSchema

MOST_COLUMNS = 20
TAGS = "Tag"
BECAME = "Converted_Into"  # of converted leads only, and never chosen
OF_EVERY_RECORD = (TAGS, "Created_Time", "Created_By", "Modified_Time", "Modified_By")
_SORTS = {"Created_Time": "created", "Modified_Time": "modified"}
_SORTED = (
    FieldType.TEXT, FieldType.EMAIL, FieldType.PHONE, FieldType.URL, FieldType.INTEGER, FieldType.DECIMAL, FieldType.CURRENCY,
    FieldType.PERCENT, FieldType.DATE, FieldType.DATETIME, FieldType.BOOLEAN, FieldType.PICKLIST, FieldType.AUTONUMBER,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """`sort` is the key to sort by, "" where the column has no order."""

    name: str
    label: Text
    sort: str
    is_number: bool = False


def columns_of(module: ModuleSchema, names: Iterable[str]) -> list[Column]:
    """Those of the names that there are; a removed or hidden field is no column."""
    return [column for name in names if (column := _column(module, name))]


def offered_columns(module: ModuleSchema) -> Sequence[str]:
    """All that can be chosen. The name always stands first and is no choice."""
    said = module.name_fields if not module.is_person else ()
    return [
        *(name for name, field in module.fields.items() if name not in said and not field.is_hidden),
        *OF_EVERY_RECORD,
    ]


def read_columns(text: str, module: ModuleSchema) -> tuple[str, ...]:
    """From an address: what exists, each once."""
    offered = set(offered_columns(module))
    names = [name for name in dict.fromkeys(text.split(",")) if name in offered]
    return tuple(names[:MOST_COLUMNS])


def sortable(module: ModuleSchema) -> set[str]:
    """Every key that a list of the module can be sorted by."""
    fields = {name for name, field in module.fields.items() if field.stored_type in _SORTED}
    return {"name", "modified", "created", *fields}


def _column(module: ModuleSchema, name: str) -> Column | None:
    field = module.fields.get(name)
    if field is not None:
        sort = name if field.stored_type in _SORTED else ""
        return Column(name, field.label, sort, KINDS[field.stored_type].is_number)
    labels = {
        TAGS: _("Tags"),
        BECAME: _("Converted into"),
        "Created_Time": _("Created"),
        "Created_By": _("Created by"),
        "Modified_Time": pgettext("when", "Changed"),
        "Modified_By": _("Changed by"),
    }
    return Column(name, labels[name], _SORTS.get(name, "")) if name in labels else None
