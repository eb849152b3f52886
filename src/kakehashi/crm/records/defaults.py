"""What a new record begins with."""

from typing import Any

from django.utils import timezone

from kakehashi.core import clock
from kakehashi.core.fields.schema import FieldSchema
from kakehashi.core.fields.types import FieldType
from kakehashi.crm.modules.schema import ModuleSchema

TODAY, NOW, ME = "today", "now", "me"  # instead of a value: what it is when the record is made


def defaults_of(module: ModuleSchema, *, person_id: int | None) -> dict[str, Any]:
    """Canonical values by API name, for a record that this person is about to make. The owner has rules of their own."""
    found = {
        name: _default(field, person_id)
        for name, field in module.fields.items()
        if "default" in field.options and name != "Owner"
    }
    return {name: value for name, value in found.items() if value is not None}


def _default(field: FieldSchema, person_id: int | None) -> Any:
    default = field.options["default"]
    if field.type == FieldType.DATE and default == TODAY:
        return timezone.localdate(clock.now()).isoformat()
    if field.type == FieldType.DATETIME and default == NOW:
        return clock.now().replace(microsecond=0).isoformat()
    if field.type == FieldType.OWNER and default == ME:
        return person_id
    return default
