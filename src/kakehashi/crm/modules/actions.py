"""Changes of an org's modules and fields."""

from collections.abc import Sequence
from uuid import uuid4

from django.db import transaction

from kakehashi.core.fields.types import FieldType
from kakehashi.crm.orgs.models import Org

from .models import Field, Module, ModuleKind
from .standard import STANDARD_MODULES, StandardModule
from .standard.definition import StandardField


@transaction.atomic
def add_standard_modules(org: Org) -> list[Module]:
    """The five modules of a new org with their fields."""
    modules = Module.objects.bulk_create(
        Module(org=org, api_name=standard.api_name, kind=ModuleKind.STANDARD, position=position, icon=standard.icon)
        for position, standard in enumerate(STANDARD_MODULES.values(), start=1)
    )
    Field.objects.bulk_create(
        field for module in modules for field in _fields(module, STANDARD_MODULES[module.api_name], org)
    )
    return modules


def bump_schema(org: Org) -> None:
    """Tell every process that modules or fields are not as they were. Call it in the transaction of the change."""
    org.schema_version = uuid4()
    org.save(update_fields=["schema_version"])


def _fields(module: Module, standard: StandardModule, org: Org) -> list[Field]:
    wanted = [
        (section.key, entry)
        for section in standard.sections
        for entry in _in_order(section.fields, org)
        if entry.language in ("", org.language)
    ]
    return [
        Field(
            org=org,
            module=module,
            api_name=entry.api_name,
            type=entry.type,
            is_required=entry.is_required,
            is_unique=entry.is_unique,
            is_custom=False,
            options=_options(entry),
            section=key,
            position=position,
        )
        for position, (key, entry) in enumerate(wanted, start=1)
    ]


def _in_order(fields: Sequence[StandardField], org: Org) -> list[StandardField]:
    """As written down for Japan, family name first; elsewhere the first name leads."""
    ordered = list(fields)
    names = [position for position, field in enumerate(ordered) if field.api_name in ("Last_Name", "First_Name")]
    if org.language != "ja" and len(names) == 2:
        last, first = names
        ordered[last], ordered[first] = ordered[first], ordered[last]
    return ordered


def _options(entry: StandardField) -> dict[str, object]:
    if entry.type in (FieldType.PICKLIST, FieldType.MULTIPICKLIST):
        return {**entry.options, "choices": [{"value": value} for value, _label in entry.choices]}
    return dict(entry.options)
