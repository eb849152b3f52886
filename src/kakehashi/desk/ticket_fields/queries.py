"""The fields of a portal's tickets, and how a department arranges them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from kakehashi.core.errors import Text
from kakehashi.core.fields.schema import Choice, FieldSchema
from kakehashi.core.fields.types import FieldType
from kakehashi.core.fixed_reads import first_row, fixed_read
from kakehashi.desk.portals.models import Department, Portal

from .models import TicketField, TicketLayout

# In the order of a new portal; hidden at first are those in brackets of `_HIDDEN`.
STANDARD = (
    "status", "assigneeId", "teamId", "priority", "dueDate", "departmentId", "classification", "category", "subCategory",
    "productId", "channel",
)  # fmt: skip
ALWAYS_SHOWN = ("status", "assigneeId", "departmentId")
_HIDDEN = ("subCategory",)
_MAY_BE_REQUIRED = ("priority", "dueDate", "classification", "category", "subCategory", "productId", "channel")


@dataclass(frozen=True, slots=True)
class LaidOut:
    """A field's place in a department's tickets. `schema` is None for the fields that every ticket has."""

    name: str
    is_shown: bool
    is_required: bool
    schema: FieldSchema | None = None

    @property
    def may_be_required(self) -> bool:
        return self.schema is not None or self.name in _MAY_BE_REQUIRED

    @property
    def may_be_hidden(self) -> bool:
        return self.name not in ALWAYS_SHOWN


def own_fields(portal: Portal) -> list[TicketField]:
    """Those that are not removed, in order."""
    return _own(portal.pk)


@fixed_read
def _own(portal_id: int) -> QuerySet[TicketField]:
    return TicketField.objects.filter(portal_id=portal_id, removed_at=None)


def schemas_of(portal: Portal) -> dict[str, FieldSchema]:
    """The portal's own fields by API name, in order. One query."""
    return {field.api_name: schema_of(field) for field in own_fields(portal)}


def schema_of(field: TicketField) -> FieldSchema:
    choices, retired = (
        tuple(Choice(text, text) for text in field.options.get(key, ())) for key in ("choices", "retired")
    )
    return FieldSchema(
        id=field.pk,
        api_name=field.api_name,
        label=field.label,
        type=FieldType(field.type),
        is_required=field.is_required,
        is_custom=True,
        help_text=field.help_text,
        choices=choices,
        retired_choices=retired,
        max_length=255 if field.type == FieldType.TEXT else None,
    )


def labels_of(portal: Portal, names: Sequence[str]) -> dict[str, tuple[str, str]]:
    """What the history calls fields: (label, type) by API name, removed ones too."""
    rows = TicketField.objects.filter(portal=portal, api_name__in=names)
    return {name: (label, kind) for name, label, kind in rows.values_list("api_name", "label", "type")}


def layout_of(portal: Portal, department: Department | int | None) -> list[LaidOut]:
    """Every field in the department's order; two queries."""
    return arranged(schemas_of(portal), _rows_of(department))


def shown_fields(portal: Portal, department: Department | int | None) -> list[LaidOut]:
    return [field for field in layout_of(portal, department) if field.is_shown]


def arranged(schemas: dict[str, FieldSchema], rows: Sequence[dict[str, object]]) -> list[LaidOut]:
    """Pure: what the rows say, then whatever they do not mention."""
    known = [*STANDARD, *schemas]
    said = {str(row.get("name")): row for row in rows}
    order = [name for name in said if name in known] + [name for name in known if name not in said]
    found = []
    for name in order:
        schema = schemas.get(name)
        row = said.get(name, {"is_shown": name not in _HIDDEN, "is_required": bool(schema and schema.is_required)})
        is_shown = bool(row.get("is_shown")) or name in ALWAYS_SHOWN
        may_be_required = schema is not None or name in _MAY_BE_REQUIRED
        found.append(LaidOut(name, is_shown, is_shown and may_be_required and bool(row.get("is_required")), schema))
    return found


def label_of(field: LaidOut, standard: dict[str, Text]) -> Text:
    return field.schema.label if field.schema else standard[field.name]


def _rows_of(department: Department | int | None) -> list[dict[str, object]]:
    if department is None:
        return []
    key = department if isinstance(department, int) else department.pk
    layout = first_row(_layout(key))
    return list(layout.rows) if layout else []


@fixed_read
def _layout(department_id: int) -> QuerySet[TicketLayout]:
    return TicketLayout.objects.filter(department_id=department_id)
