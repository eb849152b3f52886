"""What the pages of modules and fields show."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from kakehashi.core.errors import NotFound
from kakehashi.core.fields.registry import kind_of
from kakehashi.core.fields.schema import FieldSchema
from kakehashi.core.fields.types import FieldType
from kakehashi.crm.modules.models import Field, Module
from kakehashi.crm.modules.queries import schema_of
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.orgs.models import Org

from .abilities import CONVERSIONS, may_be_hidden, names_records
from .sections import sections_of
from .slots import FIELD_LINKS
from .standing import count_records, filled_records


def find_own_module(org: Org, api_name: str) -> Module:
    """A live module by its exact name. Raises `NotFound`."""
    module = Module.objects.select_related("org").filter(org=org, api_name=api_name, removed_at=None).first()
    if module is None:
        raise NotFound
    return module


def find_removed_module(org: Org, module_id: int) -> Module:
    module = Module.objects.select_related("org").filter(org=org, pk=module_id, removed_at__isnull=False).first()
    if module is None:
        raise NotFound
    return module


def find_field(module: Module, field_id: int) -> Field:
    """A field, removed or not. Raises `NotFound`."""
    field = Field.objects.select_related("org", "module__org").filter(module=module, pk=field_id).first()
    if field is None:
        raise NotFound
    return field


def module_rows(org: Org) -> list[dict[str, Any]]:
    schema, counts = schema_of(org), count_records(org)
    return [
        {
            "module": module,
            "count": counts.get(module.id, 0),
            "leading": ", ".join(
                f"{other.plural} – {field.label}" for other, field in schema.lookups_to(module.api_name)
            ),
            "remove_key": f"remove-{module.id}",
            **_module_urls(org, module),
        }
        for module in schema
    ]


def _module_urls(org: Org, module: ModuleSchema) -> dict[str, str]:
    names = {
        "url": "crm_module",
        "words_url": "crm_module_words",
        "tab_url": "crm_module_hiding" if module.is_visible else "crm_module_showing",
        "remove_url": "crm_module_removal",
    }
    return {key: reverse(name, args=[org.pk, module.api_name]) for key, name in names.items()}


def removed_module_rows(org: Org) -> list[dict[str, Any]]:
    counts = count_records(org)
    return [
        {
            "module": module,
            "count": counts.get(module.pk, 0),
            "purge_key": f"purge-{module.pk}",
            "return_url": reverse("crm_module_return", args=[org.pk, module.pk]),
            "purge_url": reverse("crm_module_purge", args=[org.pk, module.pk]),
        }
        for module in Module.objects.filter(org=org, removed_at__isnull=False).order_by("-removed_at")
    ]


def layout_of(access: CrmAccess, module: Module) -> list[dict[str, Any]]:
    """The sections with their fields, as the settings show them: hidden ones and empty sections, too."""
    schema = schema_of(module.org).by_id[module.pk]
    fields = list(_in_order(module))
    return [
        {
            **section,
            "rows": _field_rows(access, module, schema, [one for one in fields if one.section == section["key"]]),
            "rename_key": f"rename-{section['key']}",
            "url": _url("crm_section", module, section["key"]),
            "place_url": _url("crm_section_place", module, section["key"]),
            "remove_url": _url("crm_section_removal", module, section["key"]),
        }
        for section in sections_of(module)
    ]


def fields_in(module: Module, section: str) -> list[Field]:
    """The fields of one section in order, hidden ones too."""
    return [field for field in _in_order(module) if field.section == section]


def _in_order(module: Module) -> QuerySet[Field]:
    return Field.objects.select_related("module").filter(module=module, removed_at=None).order_by("position", "pk")


def _field_rows(
    access: CrmAccess, module: Module, schema: ModuleSchema, fields: Sequence[Field]
) -> list[dict[str, Any]]:
    return [
        {
            "id": field.pk,
            "api_name": field.api_name,
            "label": schema.fields[field.api_name].label if field.api_name in schema.fields else field.label,
            "type_label": FieldType(field.type).label,
            "is_required": field.is_required,
            "is_unique": field.is_unique,
            "is_hidden": field.is_hidden,
            "is_custom": field.is_custom,
            "links": [
                {"label": link.label, "icon": link.icon, "url": link.url(access)}
                for link in FIELD_LINKS
                if (link.module, link.field) == (module.api_name, field.api_name)
            ],
            **_field_urls(module, field),
        }
        for field in fields
    ]


def _field_urls(module: Module, field: Field) -> dict[str, str]:
    may_go = field.is_custom and not names_records(field)
    return {
        "url": _url("crm_module_field", module, field.pk),
        "type_url": _url("crm_module_field_type", module, field.pk)
        if may_go and CONVERSIONS.get(FieldType(field.type))
        else "",
        "show_url": _url("crm_module_field_showing", module, field.pk),
        "hide_url": _url("crm_module_field_hiding", module, field.pk) if may_be_hidden(field) else "",
        "remove_url": _url("crm_module_field_removal", module, field.pk) if may_go else "",
    }


def removed_field_rows(module: Module) -> list[dict[str, Any]]:
    return [
        {
            "label": field.label or field.api_name,
            "api_name": field.api_name,
            "type_label": FieldType(field.type).label,
            "count": filled_records(field).count(),
            "purge_key": f"purge-field-{field.pk}",
            "return_url": _url("crm_module_field_return", module, field.pk),
            "purge_url": _url("crm_module_field_purge", module, field.pk),
        }
        for field in Field.objects.filter(module=module, removed_at__isnull=False).order_by("-removed_at")
    ]


def usable_in_formulas(schema: ModuleSchema) -> list[FieldSchema]:
    left_out = (
        FieldType.FORMULA, FieldType.LOOKUP, FieldType.MULTILOOKUP, FieldType.OWNER, FieldType.FILE, FieldType.IMAGE,
        FieldType.RICHTEXT, FieldType.MULTIPICKLIST,
    )  # fmt: skip
    return [field for field in schema.fields.values() if field.type not in left_out]


def shown_value(value: Any, schema: FieldSchema, names: Any) -> str:
    return kind_of(schema).display(value, schema, names) if value is not None else ""


def _url(name: str, module: Module, *more: Any) -> str:
    return reverse(name, args=[module.org_id, module.api_name, *more])
