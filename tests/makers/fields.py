"""Fields of one's own for tests."""

from typing import Any

from kakehashi.core.fields.types import FieldType
from kakehashi.crm.modules.actions import bump_schema
from kakehashi.crm.modules.models import Field
from kakehashi.crm.modules.queries import find_module
from kakehashi.crm.orgs.models import Org


def make_field(org: Org, module: str, api_name: str, kind: FieldType, **more: Any) -> Field:
    """`choices=["A", "B"]`, `lookup="Accounts"`, `expression="…"` go to the options, is_required and the like to the field."""
    own = {name: more.pop(name) for name in list(more) if name in {"is_required", "is_unique", "is_hidden", "label"}}
    if "choices" in more:
        more["choices"] = [{"value": value} for value in more["choices"]]
    field = Field.objects.create(
        org=org,
        module=find_module(org, module),
        api_name=api_name,
        type=kind,
        section="main",
        position=900,
        options=more,
        **own,
    )
    bump_schema(org)
    return field
