"""What stands above a list: the orders that it offers, and the quick filters in force."""

from typing import Any

from django.utils.translation import gettext as _

from kakehashi.core.errors import Text
from kakehashi.core.fields.types import FieldType
from kakehashi.core.ids import ids_in, is_id
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.records.queries import closed_records, record_names

from .choice import ListChoice
from .columns import columns_of, sortable


def sorts_of(module: ModuleSchema, choice: ListChoice) -> list[tuple[str, Text]]:
    """The orders that a phone, which shows no table head, offers too."""
    shown = [column for column in columns_of(module, choice.columns) if column.sort in module.fields]
    offered: list[tuple[str, Text]] = [
        ("-modified", _("Last changed first")),
        ("-created", _("Newest first")),
        ("created", _("Oldest first")),
        ("name", _("By name")),
        *((column.sort, column.label) for column in shown),
        *((f"-{column.sort}", f"{column.label} ↓") for column in shown),
    ]
    return offered if choice.sort in dict(offered) else [*offered, (choice.sort, _sort_label(module, choice.sort))]


def _sort_label(module: ModuleSchema, sort: str) -> Text:
    key = sort.removeprefix("-")
    label = module.fields[key].label if key in module.fields and key in sortable(module) else _("By name")
    return f"{label} ↓" if sort.startswith("-") else label


def quick_filters(access: CrmAccess, module: ModuleSchema, choice: ListChoice) -> list[dict[str, Any]]:
    """The pick lists among the module's own columns as drop-downs, and whatever else the address filters by."""
    shown = [
        name for name in module.columns if name in module.fields and module.fields[name].type == FieldType.PICKLIST
    ]
    rows: list[dict[str, Any]] = [
        {"name": name, "label": module.fields[name].label, "choices": module.fields[name].choices,
         "chosen": choice.values.get(name, "")}
        for name in shown
    ]  # fmt: skip
    others = {name: value for name, value in choice.values.items() if name not in shown}
    ids = ids_in(others.values())
    closed = closed_records(access, ids)
    names = {pk: name for pk, name in record_names(access.org.pk, ids).items() if pk not in closed}
    rows += [
        {
            "name": name,
            "label": module.fields[name].label,
            "fixed": _fixed_words(module, name, value, names),
            "chosen": value,
        }
        for name, value in others.items()
    ]
    return rows


def _fixed_words(module: ModuleSchema, name: str, value: str, names: dict[int, str]) -> Text:
    field = module.fields[name]
    if field.type != FieldType.LOOKUP:
        return field.label_of(value)
    return names.get(int(value), _("(deleted)")) if is_id(value) else _("(deleted)")
