"""What stands in a cell of a list."""

from dataclasses import dataclass

from django.urls import reverse

from kakehashi.core.errors import Text
from kakehashi.crm.fields.kind import Names
from kakehashi.crm.fields.registry import kind_of
from kakehashi.crm.fields.types import FieldType
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.records.models import Record


@dataclass(frozen=True, slots=True)
class Cell:
    """`person` shows a face before the text; `tone` makes it a pill."""

    label: Text
    text: str
    url: str = ""
    is_number: bool = False
    is_person: bool = False
    tone: str = ""


_TONES = {"Closed Won": "green", "Closed Lost": "grey", "Closed Lost to Competition": "grey"}


def row_cells(org_id: int, record: Record, module: ModuleSchema, names: Names) -> list[Cell]:
    return [_cell(org_id, record, module, name, names) for name in module.columns if name in module.fields]


def _cell(org_id: int, record: Record, module: ModuleSchema, name: str, names: Names) -> Cell:
    field = module.fields[name]
    kind = kind_of(field)
    value = record.owner_id if name == "Owner" else record.values.get(name)
    text = kind.display(value, field, names) if value is not None else ""
    is_link = field.type == FieldType.LOOKUP and names.opens(value)
    return Cell(
        label=field.label,
        text=text,
        url=reverse("crm_record", args=[org_id, field.lookup_module, value]) if is_link else "",
        is_number=kind.is_number,
        is_person=field.type == FieldType.OWNER,
        tone=_TONES.get(str(value), "blue") if name == "Stage" and value else "",
    )
