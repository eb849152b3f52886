"""The fields of a record as its page shows them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext

from kakehashi.core.errors import Text
from kakehashi.core.fields.kind import Names
from kakehashi.core.fields.links import ticket_ids
from kakehashi.core.fields.registry import kind_of
from kakehashi.core.fields.rich import safe_html
from kakehashi.core.fields.schema import FieldSchema
from kakehashi.core.fields.types import FieldType
from kakehashi.crm.modules.schema import ModuleSchema, Section
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.people.primary import PRIMARY_OF, may_make_primary
from kakehashi.crm.people.sharing import sharers
from kakehashi.crm.records.badges import Badge, badges_of
from kakehashi.crm.records.models import Record
from kakehashi.crm.records.queries import may_edit

from .addresses import address_line
from .files import file_url

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
    html: str = ""  # rich text
    picture: str = ""  # the address of an image
    entries: Sequence["FieldEntry"] = ()  # of several addresses or numbers, or of one that can be made the primary one
    badges: Sequence[Badge] = ()  # of choices that have a colour
    links: Sequence[tuple[str, str]] = ()  # of a lookup of several: name and address, "" for one that is deleted

    @property
    def is_empty(self) -> bool:
        return not self.text


@dataclass(frozen=True, slots=True)
class FieldEntry:
    """One of several addresses or numbers. `primary_url` makes it the primary one; `also` are other records that have it, too."""

    value: str
    label: str
    url: str
    primary_url: str
    also: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class FieldGroup:
    """Rows under a heading; the first group's heading is the card's own."""

    label: Text
    rows: Sequence[FieldRow]


@dataclass(frozen=True, slots=True)
class Overview:
    """What is known of a record at a glance, and all the other fields, folded."""

    groups: Sequence[FieldGroup]
    folded: Sequence[FieldGroup]


def overview_of(access: CrmAccess, module: ModuleSchema, record: Record, names: Names) -> Overview:
    """Filled fields, each address in one line; what is empty, or said in the head of the page, is folded."""
    groups: list[FieldGroup] = []
    folded: list[FieldGroup] = []
    for section in module.sections:
        shown = [field for field in section.fields if not field.is_hidden]
        rows = [field_row(access, module, record, field, names) for field in shown]
        address = address_line(section, record.values)
        if address is not None:
            told, rest = ([_address_row(section, address)] if address else []), rows
        else:
            told = [row for row in rows if not row.is_empty and not _is_minor(row.name)]
            rest = [row for row in rows if row not in told]
        joins = address is not None or all(row.is_wide for row in rows)
        if groups and joins:
            groups[0] = FieldGroup(groups[0].label, [*groups[0].rows, *told])
        elif told or not groups:
            groups.append(FieldGroup(section.label, told))
        if rest:
            folded.append(FieldGroup(section.label, rest))
    groups[0] = FieldGroup(groups[0].label, _mark_keys(groups[0].rows, module))
    return Overview(groups, folded)


def _is_minor(name: str) -> bool:
    return name == "Salutation" or name.endswith("_Kana")


def _address_row(section: Section, text: str) -> FieldRow:
    return FieldRow(section.key, section.label, text, "", False, False, False, "")


def _mark_keys(rows: Sequence[FieldRow], module: ModuleSchema) -> list[FieldRow]:
    """The first four telling rows stay visible on a phone. The head of the page says name, account and owner already: they are
    repeated only where there is nothing else, as in a module that is new.
    """
    said = (*module.name_fields, "Owner", "Account_Name")
    telling = [row for row in rows if row.name not in said] or rows
    keys = {row.name for row in telling[:_MOST_KEYS]}
    return [replace(row, is_key=row.name in keys) for row in rows]


def field_row(access: CrmAccess, module: ModuleSchema, record: Record, field: FieldSchema, names: Names) -> FieldRow:
    kind = kind_of(field)
    value = record.owner_id if field.api_name == "Owner" else record.values.get(field.api_name)
    is_editable = may_edit(access, record) and not field.is_read_only
    address = [access.org.pk, module.api_name, record.pk, field.api_name]
    return FieldRow(
        name=field.api_name,
        label=field.label,
        text=kind.display(value, field, names) if value is not None else "",
        url=file_url(module, record, field.api_name)
        if field.type in (FieldType.FILE, FieldType.IMAGE) and value
        else _url(access, field, value, names),
        is_wide=kind.is_wide,
        is_key=False,
        is_person=field.type == FieldType.OWNER,
        edit_url=reverse("crm_field", args=address) if is_editable else "",
        **_more(access, module, record, field, names),
    )


def _more(access: CrmAccess, module: ModuleSchema, record: Record, field: FieldSchema, names: Names) -> dict[str, Any]:
    """What a plain line of text cannot show."""
    value = record.values.get(field.api_name)
    if not value:
        return {}
    if field.type == FieldType.RICHTEXT:
        return {"html": mark_safe(safe_html(value))}  # noqa: S308 - made safe once more, whoever stored it
    if field.type == FieldType.IMAGE:
        return {"picture": file_url(module, record, field.api_name)}
    if field.api_name in PRIMARY_OF or field.type in (FieldType.EMAILS, FieldType.PHONES):
        return {"entries": _entries(access, module, record, field)}
    if field.type == FieldType.MULTILOOKUP:
        return {"links": [_link(access, field, target, names) for target in ticket_ids(value)]}
    return {"badges": badges_of(module, field, value)}


def _entries(access: CrmAccess, module: ModuleSchema, record: Record, field: FieldSchema) -> list[FieldEntry]:
    value = record.values[field.api_name]
    entries = value if isinstance(value, list) else [{"value": value, "label": ""}]
    is_email = field.type in (FieldType.EMAIL, FieldType.EMAILS)
    can_swap = may_edit(access, record) and may_make_primary(module, field.api_name)
    url = reverse("crm_primary", args=[access.org.pk, module.api_name, record.pk, field.api_name]) if can_swap else ""
    also = sharers(access, module, record, field) if is_email else {}
    return [
        FieldEntry(
            entry["value"],
            entry["label"],
            f"{'mailto' if is_email else 'tel'}:{entry['value']}",
            url,
            [
                (other.name, reverse("crm_record", args=[access.org.pk, module.api_name, other.pk]))
                for other in also.get(entry["value"], [])
            ],
        )
        for entry in entries
    ]


def _link(access: CrmAccess, field: FieldSchema, target: int, names: Names) -> tuple[str, str]:
    name = names.records.get(target)
    if name is None:
        return gettext("(deleted)"), ""
    is_open = names.opens(target)
    return name, reverse("crm_record", args=[access.org.pk, field.lookup_module, target]) if is_open else ""


def _url(access: CrmAccess, field: FieldSchema, value: Any, names: Names) -> str:
    if value is None:
        return ""
    if field.type == FieldType.LOOKUP:
        return reverse("crm_record", args=[access.org.pk, field.lookup_module, value]) if names.opens(value) else ""
    prefixes = {FieldType.EMAIL: "mailto:", FieldType.PHONE: "tel:", FieldType.URL: ""}
    prefix = prefixes.get(field.type)
    return f"{prefix}{value}" if prefix is not None else ""
