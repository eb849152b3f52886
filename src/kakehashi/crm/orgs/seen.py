"""A schema as the holders of a profile see it: without what is hidden from them, with what they may only read marked."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from uuid import UUID

from kakehashi.core.fields.schema import FieldSchema
from kakehashi.crm.modules.queries import read_schema
from kakehashi.crm.modules.schema import ModuleSchema, Schema, Section

from .rights import FieldRight, ProfileRights, Scope

OWNER = "Owner"


@lru_cache(maxsize=1_000)
def schema_seen(org_id: int, version: UUID, rights: ProfileRights) -> Schema:
    """The name of a record and its owner are always there: they are said in lists and heads of other pages."""
    whole = read_schema(org_id, version)
    seen = frozenset(module.api_name for module in whole if rights.of(module.id).view > Scope.NONE)
    of_fields = dict(rights.fields)
    modules = [_module(module, of_fields, seen) for module in whole if module.api_name in seen]
    return Schema(org_id, version, tuple(modules))


def is_always_shown(module: ModuleSchema, field: FieldSchema) -> bool:
    return field.api_name in (*module.name_fields, OWNER)


def _module(module: ModuleSchema, of_fields: Mapping[int, FieldRight], seen: frozenset[str]) -> ModuleSchema:
    sections = tuple(
        replace(section, fields=fields)
        for section in module.sections
        if (fields := tuple(_fields(module, section, of_fields, seen)))
    )
    if sections == module.sections:
        return module
    return replace(module, sections=sections, whole=module)


def _fields(
    module: ModuleSchema, section: Section, of_fields: Mapping[int, FieldRight], seen: frozenset[str]
) -> Iterator[FieldSchema]:
    for field in section.fields:
        right = of_fields.get(field.id, FieldRight.EDITABLE)
        leads_nowhere = bool(field.lookup_module) and field.lookup_module not in seen
        if right == FieldRight.HIDDEN and not is_always_shown(module, field):
            continue
        yield replace(field, is_read_only=True) if right != FieldRight.EDITABLE or leads_nowhere else field
