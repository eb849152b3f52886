"""The fields of a record as its page shows them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from kakehashi.core.errors import Text
from kakehashi.crm.fields.kind import Names
from kakehashi.crm.fields.registry import kind_of
from kakehashi.crm.fields.schema import FieldSchema
from kakehashi.crm.fields.types import FieldType
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.records.models import Record

_MOST_KEYS = 4


@dataclass(frozen=True, slots=True)
class FieldRow:
    """A label and a value. `url` leads to where the value points: a record, a mail, a phone call, a website."""

    name: str
    label: Text
    text: str
    url: str
    is_wide: bool
    is_key: bool  # stays visible on a folded phone card
    is_person: bool
    edit_url: str  # "" when it cannot be changed here

    @property
    def is_empty(self) -> bool:
        return not self.text


@dataclass(frozen=True, slots=True)
class FieldCard:
    key: str
    label: Text
    rows: Sequence[FieldRow]

    @property
    def filled(self) -> list[FieldRow]:
        return [row for row in self.rows if not row.is_empty]

    @property
    def empty(self) -> list[FieldRow]:
        return [row for row in self.rows if row.is_empty]


def field_cards(access: CrmAccess, module: ModuleSchema, record: Record, names: Names) -> Iterator[FieldCard]:
    for section in module.sections:
        rows = [field_row(access, module, record, field, names) for field in section.fields]
        keys = {row.name for row in [row for row in rows if not row.is_empty and _is_telling(row, module)][:_MOST_KEYS]}
        yield FieldCard(section.key, section.label, [_with_key(row, row.name in keys) for row in rows])


def field_row(access: CrmAccess, module: ModuleSchema, record: Record, field: FieldSchema, names: Names) -> FieldRow:
    kind = kind_of(field)
    value = record.owner_id if field.api_name == "Owner" else record.values.get(field.api_name)
    is_editable = access.may("edit_records") and not field.is_read_only
    address = [access.org.pk, module.api_name, record.pk, field.api_name]
    return FieldRow(
        name=field.api_name,
        label=field.label,
        text=kind.display(value, field, names) if value is not None else "",
        url=_url(access, field, value, names),
        is_wide=kind.is_wide,
        is_key=False,
        is_person=field.type == FieldType.OWNER,
        edit_url=reverse("crm_field", args=address) if is_editable else "",
    )


def _is_telling(row: FieldRow, module: ModuleSchema) -> bool:
    """The head of the page says the name, the account and the owner already."""
    return row.name not in (*module.name_fields, "Owner", "Account_Name", "Salutation") and "Kana" not in row.name


def _with_key(row: FieldRow, is_key: bool) -> FieldRow:
    return FieldRow(row.name, row.label, row.text, row.url, row.is_wide, is_key, row.is_person, row.edit_url)


def _url(access: CrmAccess, field: FieldSchema, value: Any, names: Names) -> str:
    if value is None:
        return ""
    if field.type == FieldType.LOOKUP:
        is_there = value in names.records
        return reverse("crm_record", args=[access.org.pk, field.lookup_module, value]) if is_there else ""
    prefixes = {FieldType.EMAIL: "mailto:", FieldType.PHONE: "tel:", FieldType.URL: ""}
    prefix = prefixes.get(field.type)
    return f"{prefix}{value}" if prefix is not None else ""
