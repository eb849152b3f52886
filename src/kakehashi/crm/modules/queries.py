"""Reading an org's modules and fields."""

from collections.abc import Sequence
from functools import lru_cache
from uuid import UUID

from django.db import connection

from kakehashi.core.errors import NotFound, Text
from kakehashi.core.fields.schema import Choice, FieldSchema
from kakehashi.core.fields.types import FieldType
from kakehashi.crm.orgs.models import Org

from .models import Field, Module, ModuleKind
from .schema import ModuleSchema, Schema, Section
from .standard import OWN_MODULE, STANDARD_MODULES, StandardModule
from .standard.definition import StandardField

_COLUMNS = 5
AnyModule = Module | ModuleSchema


def schema_of(org: Org) -> Schema:
    """The org's modules and fields. Kept in memory until `org.schema_version` changes; no query then."""
    return read_schema(org.pk, org.schema_version)


def find_module(org: Org, api_name: str) -> Module:
    """The row of a module, with its org. Raises `NotFound`."""
    module = Module.objects.select_related("org").filter(org=org, api_name__iexact=api_name, removed_at=None).first()
    if module is None:
        raise NotFound
    return module


def module_schema(module: AnyModule) -> ModuleSchema:
    """What actions read a module's fields from, whichever form of the module they were given: all of them, also those
    that a person does not see, since keys, search and required fields follow from all.
    """
    if isinstance(module, ModuleSchema):
        return module.whole or module
    return schema_of(module.org).by_id[module.pk]


@lru_cache(maxsize=500)
def read_schema(org_id: int, version: UUID) -> Schema:
    org = Org.objects.get(pk=org_id)
    modules = list(Module.objects.filter(org_id=org_id).order_by("position", "id"))
    live = {module.api_name for module in modules if module.removed_at is None}
    fields: dict[int, list[Field]] = {}
    for field in Field.objects.filter(org_id=org_id, removed_at=None).order_by("module", "position", "id"):
        if field.options.get("lookup", "") in (
            "",
            *live,
        ):  # a lookup goes and comes back with the module that it leads to
            fields.setdefault(field.module_id, []).append(field)
    built = {module.pk: _module(module, fields.get(module.pk, []), org) for module in modules}
    return Schema(
        org_id,
        version,
        tuple(built[module.pk] for module in modules if module.removed_at is None),
        tuple(built[module.pk] for module in modules if module.removed_at),
    )


def current_schema(org_id: int) -> Schema:
    """The schema as it stands, which nobody can change before this transaction ends. For whoever writes what must fit it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT schema_version FROM crm_org WHERE id = %s FOR SHARE", [org_id])
        row = cursor.fetchone()
    if row is None:
        raise NotFound
    return read_schema(org_id, row[0])


def _module(module: Module, fields: Sequence[Field], org: Org) -> ModuleSchema:
    is_custom = module.kind == ModuleKind.CUSTOM
    standard = OWN_MODULE if is_custom else STANDARD_MODULES[module.api_name]
    return ModuleSchema(
        id=module.pk,
        org_id=module.org_id,
        api_name=module.api_name,
        singular=module.singular_label or standard.singular,
        plural=module.plural_label or standard.plural,
        icon=module.icon,
        is_custom=is_custom,
        is_visible=module.is_visible,
        sections=_sections(module, fields, standard),
        name_fields=standard.name_fields,
        columns=_columns(fields, standard),
        language=org.language,
        currency=org.currency,
        name_order=org.name_order,
    )


def _columns(fields: Sequence[Field], standard: StandardModule) -> tuple[str, ...]:
    """What a list shows that nobody made their own: of a module of the org's own the first five fields."""
    shown = [field.api_name for field in fields if not field.is_hidden]
    if standard is OWN_MODULE:
        return tuple(name for name in shown if name not in standard.name_fields)[:_COLUMNS]
    return tuple(name for name in standard.columns if name in shown)


def _sections(module: Module, fields: Sequence[Field], standard: StandardModule) -> tuple[Section, ...]:
    """In the order that the module says; a standard module that nobody changed says none, and keeps its own."""
    labels: dict[str, Text] = {section.key: section.label for section in standard.sections}
    labels |= {section["key"]: section["label"] for section in module.sections if section.get("label")}
    known = standard.fields
    by_section: dict[str, list[FieldSchema]] = {section["key"]: [] for section in module.sections}
    for field in fields:
        by_section.setdefault(field.section, []).append(_field(field, known.get(field.api_name)))
    return tuple(Section(key, labels.get(key, key), tuple(rows)) for key, rows in by_section.items() if rows)


def _field(field: Field, standard: StandardField | None) -> FieldSchema:
    choices = _choices(field, standard)
    return FieldSchema(
        id=field.pk,
        api_name=field.api_name,
        label=field.label or (standard.label if standard else field.api_name),
        type=FieldType(field.type),
        section=field.section,
        is_required=field.is_required,
        is_unique=field.is_unique,
        is_custom=field.is_custom,
        is_read_only=field.type in (FieldType.AUTONUMBER, FieldType.FORMULA) or bool(standard and standard.is_computed),
        choices=tuple(choice for choice in choices if not choice.details.get("is_retired")),
        retired_choices=tuple(choice for choice in choices if choice.details.get("is_retired")),
        is_hidden=field.is_hidden,
        help_text=field.help_text,
        lookup_module=field.options.get("lookup", ""),
        max_length=field.options.get("max_length"),
        decimals=int(field.options.get("decimals", 2)),
        options=field.options,
    )


def _choices(field: Field, standard: StandardField | None) -> tuple[Choice, ...]:
    labels: dict[str, Text] = dict(standard.choices) if standard else {}
    return tuple(
        Choice(entry["value"], entry.get("label") or labels.get(entry["value"], entry["value"]), entry)
        for entry in field.options.get("choices", [])
    )
