"""The rights of a profile as a table: a row per module, a column per right. Read from a form, and shown."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kakehashi.core.errors import Text
from kakehashi.crm.modules.schema import Schema
from kakehashi.crm.orgs.rights import RECORD_PERMISSIONS, ModuleRights, ProfileRights, scope_named
from kakehashi.crm.orgs.words import ALLOWED, OTHER_MODULES, SCOPED, SCOPES
from kakehashi.identity.permissions import Permission, declared

DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Box:
    """One cell: a choice among scopes, or with no choices a check box."""

    name: str
    label: Text
    value: str
    choices: Sequence[tuple[str, Text]] = ()


@dataclass(frozen=True, slots=True)
class Row:
    key: str
    label: Text
    icon: str
    boxes: Sequence[Box]
    api_name: str  # "" for modules that are not there yet


def general_permissions() -> list[Permission]:
    """What is not asked per module."""
    return [permission for permission in declared() if permission.code not in RECORD_PERMISSIONS]


def table_of(rights: ProfileRights, schema: Schema) -> list[Row]:
    rows = [
        Row(str(module.id), module.plural, module.icon, list(_boxes(str(module.id), rights.of(module.id))), name)
        for name, module in schema.by_name.items()
    ]
    return [*rows, Row(DEFAULT, OTHER_MODULES, "puzzle", list(_boxes(DEFAULT, rights.default)), "")]


def read_table(data: Mapping[str, str], schema: Schema) -> dict[str, ModuleRights]:
    """What the form says, by module id and "default"."""
    return {key: _read(data, key).within_view() for key in (*(str(module.id) for module in schema), DEFAULT)}


def _boxes(key: str, held: ModuleRights) -> Iterator[Box]:
    stored = held.as_json()
    choices = [(scope.key, words) for scope, words in SCOPES.items()]
    for right, label in SCOPED.items():
        yield Box(f"{key}-{right}", label, stored[right], choices)
    for right, label in ALLOWED.items():
        yield Box(f"{key}-{right}", label, "on" if stored[right] else "")


def _read(data: Mapping[str, str], key: str) -> ModuleRights:
    view, edit, delete = (scope_named(data.get(f"{key}-{right}")) for right in SCOPED)
    create, imports, exports = (f"{key}-{right}" in data for right in ALLOWED)
    return ModuleRights(view, edit, delete, may_create=create, may_import=imports, may_export=exports)
