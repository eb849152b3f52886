"""Values of a portal's own fields: what may be stored, and how it reads."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from kakehashi.core.errors import Text
from kakehashi.core.fields.kind import Names
from kakehashi.core.fields.reasons import ValueRefused
from kakehashi.core.fields.registry import KINDS, clean_value
from kakehashi.core.fields.schema import FieldSchema
from kakehashi.core.fields.types import FieldType
from kakehashi.desk.portals.models import Portal

from .queries import schemas_of

PREFIX = "cf_"


def clean_custom(portal: Portal, values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Text]]:
    """(canonical values, None where empty; what was refused, by API name)."""
    schemas = schemas_of(portal)
    cleaned: dict[str, Any] = {}
    problems: dict[str, Text] = {}
    for name, value in values.items():
        if name not in schemas:
            problems[name] = _("There is no such field.")
            continue
        try:
            cleaned[name] = clean_value(value, schemas[name])
        except ValueRefused as refused:
            problems[name] = refused.reason.sentence
    return cleaned, problems


def merged(stored: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Only the given fields change; an empty one takes no place."""
    return {name: value for name, value in {**stored, **given}.items() if value is not None}


def shown(schema: FieldSchema, value: Any) -> str:
    """One line for people."""
    if value is None or (schema.type == FieldType.BOOLEAN and not value):
        return ""
    return KINDS[schema.type].display(value, schema, Names())


def shown_in_history(label: str, kind: str, value: Any) -> str:
    return shown(FieldSchema(0, "", label, FieldType(kind)), value)
