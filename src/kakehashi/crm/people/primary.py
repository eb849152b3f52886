"""Making another address or number the primary one: the two change places, nothing is lost."""

from collections.abc import Mapping
from typing import Any

from kakehashi.core.actors import Actor
from kakehashi.core.errors import NotFound
from kakehashi.core.fields.registry import KINDS
from kakehashi.core.fields.several import values_in
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.records.actions import update_record
from kakehashi.crm.records.models import Record

# Which field holds the primary one for the values of another.
PRIMARY_OF: Mapping[str, str] = {"Secondary_Email": "Email", "Other_Emails": "Email", "Other_Phones": "Phone"}


def may_make_primary(module: ModuleSchema, field_name: str) -> bool:
    """Both fields are there for this person, and can be changed."""
    names = (field_name, PRIMARY_OF.get(field_name, ""))
    return all(name in module.fields and not module.fields[name].is_read_only for name in names)


def make_primary(record: Record, *, module: ModuleSchema, field_name: str, value: str, actor: Actor) -> Record:
    """Raises `NotFound` when it is not there (any more), `InvalidValues` when another record has it as its primary one."""
    here = record.values.get(field_name)
    if value not in values_in(here) or not may_make_primary(module, field_name):
        raise NotFound
    primary = PRIMARY_OF[field_name]
    old = record.values.get(primary)
    left = _swapped(here, value, old) if isinstance(here, list) else old
    left = KINDS[module.fields[field_name].type].clean(left, module.fields[field_name])
    return update_record(record, values={primary: value, field_name: left}, actor=actor)


def _swapped(entries: list[dict[str, str]], value: str, old: Any) -> list[dict[str, str]]:
    """The old one takes the place of the new one, with a label of its own to come: the label told of the other."""
    return [
        entry if entry["value"] != value else {"value": old, "label": ""}
        for entry in entries
        if entry["value"] != value or old
    ]
