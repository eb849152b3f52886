"""Records of other modules that name this one: the contacts of an account, its deals …"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse

from kakehashi.core.errors import Text
from kakehashi.core.fields.kind import Names
from kakehashi.core.fields.registry import kind_of
from kakehashi.core.fields.schema import FieldSchema
from kakehashi.core.fields.types import FieldType
from kakehashi.crm.list_views.cells import Cell, row_cells
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.records.models import Record
from kakehashi.crm.records.queries import names_for, visible_records

SHOWN_ROWS = 5


@dataclass(frozen=True, slots=True)
class RelatedList:
    key: str
    label: Text
    module: ModuleSchema
    count: int
    heads: Sequence[tuple[Text, bool]]  # label, holds numbers
    rows: Sequence[tuple[Record, str, list[Cell]]]
    new_url: str
    all_url: str


def related_lists(access: CrmAccess, module: ModuleSchema, record: Record) -> Iterator[RelatedList]:
    """A list for every lookup that leads here; one within the module itself only if it holds something."""
    for other, field in access.schema.lookups_to(module.api_name):
        if not other.is_visible:
            continue
        found = related_records(access, other, field, record)
        count = found.count()
        if count or (other.id != module.id and field.type == FieldType.LOOKUP):
            yield _related_list(access, module, record, other, field, list(found[:SHOWN_ROWS]) if count else [], count)


def related_records(access: CrmAccess, other: ModuleSchema, field: FieldSchema, record: Record) -> QuerySet[Record]:
    """Newest first."""
    return (
        visible_records(access, other)
        .filter(lookups__target_id=record.pk, lookups__field=field.api_name, lookups__module_id=other.id)
        .order_by("-pk")
    )


def _related_list(
    access: CrmAccess,
    module: ModuleSchema,
    record: Record,
    other: ModuleSchema,
    field: FieldSchema,
    found: list[Record],
    count: int,
) -> RelatedList:
    is_own = other.id == module.id
    names = names_for(found, other, access)
    address = [access.org.pk, other.api_name]
    query = f"?{field.api_name}={record.pk}"
    given = query + "".join(f"&{name}={value}" for name, value in _shared_lookups(other, module, record).items())
    rows = [
        (row, reverse("crm_record", args=[*address, row.pk]), _cells(access, row, other, field, names)) for row in found
    ]
    return RelatedList(
        key=f"{other.api_name}-{field.api_name}",
        label=f"{other.plural} – {field.label}" if is_own or field.type != FieldType.LOOKUP else other.plural,
        module=other,
        count=count,
        heads=[
            (other.fields[name].label, kind_of(other.fields[name]).is_number)
            for name in other.columns
            if name in other.fields and name != field.api_name
        ],
        rows=rows,
        new_url=reverse("crm_record_new", args=address) + given if access.may("create_records", other) else "",
        all_url=reverse("crm_list", args=address) + query,
    )


def _cells(access: CrmAccess, row: Record, other: ModuleSchema, field: FieldSchema, names: Names) -> list[Cell]:
    """The columns without the one that says what the page says already."""
    cells = row_cells(access.org.pk, row, other, names)
    shown = [name for name in other.columns if name in other.fields]
    return [cell for name, cell in zip(shown, cells, strict=True) if name != field.api_name]


def _shared_lookups(other: ModuleSchema, module: ModuleSchema, record: Record) -> dict[str, int]:
    """A new deal of a contact is a deal of the contact's account, too."""
    mine = {field.lookup_module: record.values.get(field.api_name) for field in module.lookups}
    return {
        field.api_name: mine[field.lookup_module]
        for field in other.lookups
        if field.lookup_module != module.api_name and mine.get(field.lookup_module)
    }
