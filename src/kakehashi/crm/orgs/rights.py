"""What a profile allows: per module whose records may be seen, changed and deleted, and per field whether it is there. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import IntEnum, StrEnum
from typing import Any


class Scope(IntEnum):
    """Whose records. Each scope holds the ones before it. A record without an owner is reached by ALL only."""

    NONE = 0
    OWN = 1
    TEAM = 2
    ALL = 3

    @property
    def key(self) -> str:
        return self.name.lower()


class FieldRight(StrEnum):
    HIDDEN = "hidden"
    READ_ONLY = "read_only"
    EDITABLE = "editable"


@dataclass(frozen=True, slots=True)
class ModuleRights:
    """What may be done with the records of one module. Make it with `within_view`: nobody changes what they cannot see."""

    view: Scope = Scope.NONE
    edit: Scope = Scope.NONE
    delete: Scope = Scope.NONE
    may_create: bool = False
    may_import: bool = False
    may_export: bool = False

    def within_view(self) -> "ModuleRights":
        if self.view == Scope.NONE:
            return ModuleRights()
        return replace(self, edit=min(self.edit, self.view), delete=min(self.delete, self.view))

    def is_within(self, other: "ModuleRights") -> bool:
        """Whether everything that this allows, the other allows, too."""
        mine, theirs = self.within_view().as_tuple(), other.within_view().as_tuple()
        return all(one <= another for one, another in zip(mine, theirs, strict=True))

    def as_tuple(self) -> tuple[int, ...]:
        return (self.view, self.edit, self.delete, self.may_create, self.may_import, self.may_export)

    def allows(self, permission: str) -> bool:
        return bool(_ALLOWED_BY[permission](self))

    def scope_of(self, permission: str) -> Scope:
        return {"edit_records": self.edit, "delete_records": self.delete}.get(permission, self.view)

    def as_json(self) -> dict[str, Any]:
        scopes = {"view": self.view.key, "edit": self.edit.key, "delete": self.delete.key}
        return {**scopes, "create": self.may_create, "import": self.may_import, "export": self.may_export}


EVERYTHING = ModuleRights(Scope.ALL, Scope.ALL, Scope.ALL, may_create=True, may_import=True, may_export=True)

# The codes of `identity.permissions` that are asked per module.
_ALLOWED_BY = {
    "see_all_records": lambda rights: rights.view == Scope.ALL,
    "create_records": lambda rights: rights.may_create,
    "edit_records": lambda rights: rights.edit > Scope.NONE,
    "delete_records": lambda rights: rights.delete > Scope.NONE,
    "import_records": lambda rights: rights.may_import,
    "export_records": lambda rights: rights.may_export,
}
RECORD_PERMISSIONS = tuple(_ALLOWED_BY)
_ORDER = (FieldRight.HIDDEN, FieldRight.READ_ONLY, FieldRight.EDITABLE)


@dataclass(frozen=True, slots=True)
class ProfileRights:
    """All of one profile, hashable. `default` is for modules that it does not name, such as one made tomorrow."""

    default: ModuleRights = EVERYTHING
    modules: tuple[tuple[int, ModuleRights], ...] = ()
    fields: tuple[tuple[int, FieldRight], ...] = ()

    def of(self, module_id: int) -> ModuleRights:
        return dict(self.modules).get(module_id, self.default)

    def is_within(self, other: "ProfileRights", module_ids: Iterable[int]) -> bool:
        """Whether nobody gains anything by changing from the other to this."""
        modules = [(self.of(one), other.of(one)) for one in module_ids] + [(self.default, other.default)]
        mine = dict(self.fields)
        return all(one.is_within(another) for one, another in modules) and all(
            _ORDER.index(mine.get(field, FieldRight.EDITABLE)) <= _ORDER.index(right) for field, right in other.fields
        )

    def permissions(self, module_ids: Iterable[int]) -> frozenset[str]:
        """What is allowed with the records of some module; `see_all_records` only if it is so in each."""
        held = [self.of(module_id) for module_id in module_ids]
        some = {code for code in RECORD_PERMISSIONS if any(rights.allows(code) for rights in held)}
        sees_all = all(rights.allows("see_all_records") for rights in held)
        return frozenset(some if sees_all else some - {"see_all_records"})


def read_rights(modules: Mapping[str, Any], fields: Mapping[str, str]) -> ProfileRights:
    """From what a profile stores; a scope that nobody knows counts as none."""
    named = [(int(key), _module(stored)) for key, stored in modules.items() if key != "default"]
    return ProfileRights(
        _module(modules.get("default", {})),
        tuple(sorted(named, key=lambda pair: pair[0])),
        tuple(sorted((int(key), FieldRight(right)) for key, right in fields.items())),
    )


def scope_named(key: Any) -> Scope:
    return {scope.key: scope for scope in Scope}.get(key, Scope.NONE)


def _module(stored: Mapping[str, Any]) -> ModuleRights:
    return ModuleRights(
        view=scope_named(stored.get("view")),
        edit=scope_named(stored.get("edit")),
        delete=scope_named(stored.get("delete")),
        may_create=bool(stored.get("create")),
        may_import=bool(stored.get("import")),
        may_export=bool(stored.get("export")),
    ).within_view()
