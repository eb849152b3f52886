"""An org's modules and fields, frozen, as all other code reads them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from kakehashi.core.errors import NotFound, Text
from kakehashi.core.fields.schema import FieldSchema
from kakehashi.core.fields.types import FieldType
from kakehashi.crm.formulas.formula import Formula, read_formula
from kakehashi.crm.formulas.parsing import FormulaProblem


@dataclass(frozen=True)
class Section:
    key: str
    label: Text
    fields: tuple[FieldSchema, ...]


@dataclass(frozen=True)
class ModuleSchema:
    """A module with its live fields in order. `name_fields`: one field, or last name and first name of a person."""

    id: int
    org_id: int
    api_name: str
    singular: Text
    plural: Text
    icon: str
    is_custom: bool
    is_visible: bool
    sections: tuple[Section, ...]
    name_fields: tuple[str, ...]
    columns: tuple[str, ...]
    language: str
    currency: str
    name_order: str = ""  # of people: "family", "given", or by their letters
    whole: "ModuleSchema | None" = None  # set where a person's profile hides or locks fields of it

    @cached_property
    def fields(self) -> Mapping[str, FieldSchema]:
        return {field.api_name: field for section in self.sections for field in section.fields}

    @cached_property
    def lookups(self) -> tuple[FieldSchema, ...]:
        return tuple(field for field in self.fields.values() if field.type == FieldType.LOOKUP)

    @cached_property
    def links(self) -> tuple[FieldSchema, ...]:
        """Lookups of one record and of several."""
        return self.fields_of(FieldType.LOOKUP, FieldType.MULTILOOKUP)

    @cached_property
    def formulas(self) -> tuple[tuple[FieldSchema, Formula | None], ...]:
        """None where a formula does not fit the fields any more, as when one of them was removed: then it gives nothing."""
        return tuple((field, _formula(field, self.fields)) for field in self.fields_of(FieldType.FORMULA))

    @cached_property
    def required(self) -> tuple[FieldSchema, ...]:
        return tuple(field for field in self.fields.values() if field.is_required)

    @cached_property
    def unique(self) -> tuple[FieldSchema, ...]:
        return tuple(field for field in self.fields.values() if field.is_unique)

    @property
    def is_person(self) -> bool:
        return len(self.name_fields) > 1

    def fields_of(self, *types: FieldType) -> tuple[FieldSchema, ...]:
        return tuple(field for field in self.fields.values() if field.type in types)


@dataclass(frozen=True)
class Schema:
    """All modules of an org, in the order of the tabs."""

    org_id: int
    version: UUID
    modules: tuple[ModuleSchema, ...]
    removed: tuple[ModuleSchema, ...] = ()  # nobody sees them, but their records are kept, and kept in order

    @cached_property
    def by_name(self) -> Mapping[str, ModuleSchema]:
        return {module.api_name: module for module in self.modules}

    @cached_property
    def by_id(self) -> Mapping[int, ModuleSchema]:
        """Those that were removed, too."""
        return {module.id: module for module in (*self.modules, *self.removed)}

    def __iter__(self) -> Iterator[ModuleSchema]:
        return iter(self.modules)

    def __contains__(self, api_name: str) -> bool:
        return api_name in self.by_name

    def __getitem__(self, api_name: str) -> ModuleSchema:
        """A module by its name in any letter case. Raises `NotFound`."""
        module = self.by_name.get(api_name) or next(
            (module for module in self.modules if module.api_name.casefold() == api_name.casefold()), None
        )
        if module is None:
            raise NotFound
        return module

    def lookups_to(self, api_name: str) -> Iterator[tuple[ModuleSchema, FieldSchema]]:
        """Where records of a module are named: (module, field) pairs, for related lists."""
        return ((module, field) for module in self.modules for field in module.links if field.lookup_module == api_name)


def _formula(field: FieldSchema, fields: Mapping[str, FieldSchema]) -> Formula | None:
    try:
        return read_formula(str(field.options.get("expression", "")), fields)
    except FormulaProblem:
        return None
