"""What stands in a cell of a list."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kakehashi.core.errors import Text
from kakehashi.core.fields.kind import Names
from kakehashi.core.fields.registry import KINDS, kind_of
from kakehashi.core.fields.types import FieldType
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.records.badges import Badge, badges_of
from kakehashi.crm.records.models import Record
from kakehashi.crm.tags.models import Tag
from kakehashi.ui.addresses import NUMBER, numbered


@dataclass(frozen=True, slots=True)
class Cell:
    """`is_person` shows a face before the text; `badges` say it in colour; `moment` is said in short; `edit_url` where it can be typed in."""

    label: Text
    text: str
    url: str = ""
    is_number: bool = False
    is_person: bool = False
    badges: Sequence[Badge] = ()
    name: str = ""
    moment: datetime | None = None
    edit_url: str = ""
    tags: Sequence[Tag] = ()


def row_cells(
    org_id: int,
    record: Record,
    module: ModuleSchema,
    names: Names,
    columns: Iterable[str] | None = None,
    *,
    is_editable: bool = False,
    beside: Mapping[str, Cell] | None = None,
) -> list[Cell]:
    """One cell per column; with `is_editable` they know where they are edited. `beside` are cells of what is no field."""
    chosen = module.columns if columns is None else columns
    given = beside or {}
    cells = (
        given.get(name) or record_cell(org_id, record, module, name, names, is_editable=is_editable) for name in chosen
    )
    return [cell for cell in cells if cell]


def record_cell(
    org_id: int, record: Record, module: ModuleSchema, name: str, names: Names, *, is_editable: bool = False
) -> Cell | None:
    field = module.fields.get(name)
    if field is None:
        return _own_cell(record, name)
    kind = kind_of(field)
    value = record.owner_id if name == "Owner" else record.values.get(name)
    text = kind.display(value, field, names) if value is not None else ""
    is_link = field.type == FieldType.LOOKUP and names.opens(value)
    may_type = is_editable and not (field.is_read_only or field.is_hidden)
    return Cell(
        label=field.label,
        text=text,
        url=numbered("crm_record", org_id, field.lookup_module, NUMBER)(value) if value and is_link else "",
        is_number=KINDS[field.stored_type].is_number,
        is_person=field.type == FieldType.OWNER,
        badges=badges_of(module, field, value),
        name=name,
        edit_url=_edit_url(org_id, record, module, name) if may_type else "",
    )


def _edit_url(org_id: int, record: Record, module: ModuleSchema, name: str) -> str:
    return numbered("crm_field", org_id, module.api_name, NUMBER, name)(record.pk) + "?cell"


def _own_cell(record: Record, name: str) -> Cell | None:
    """What every record has beside its fields."""
    if name in ("Created_By", "Modified_By"):
        label = _("Created by") if name == "Created_By" else _("Changed by")
        person = record.created_by_name if name == "Created_By" else record.modified_by_name
        return Cell(label, person, is_person=bool(person), name=name)
    moments = {"Created_Time": record.created_at, "Modified_Time": record.modified_at}
    if name not in moments:
        return None
    label = _("Created") if name == "Created_Time" else pgettext("when", "Changed")
    return Cell(label, "-", name=name, moment=moments[name])
