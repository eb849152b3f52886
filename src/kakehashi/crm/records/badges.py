"""Choices that an administrator gave a colour, as the quiet badges that lists, record pages and the board show alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kakehashi.core.errors import Text
from kakehashi.core.fields.schema import FieldSchema
from kakehashi.core.fields.types import FieldType
from kakehashi.crm.deals.stages import MODULE, STAGE, stage_named
from kakehashi.crm.modules.schema import ModuleSchema


@dataclass(frozen=True, slots=True)
class Badge:
    """`tone` is a colour of `ui` pills."""

    label: Text
    tone: str


def badges_of(module: ModuleSchema, field: FieldSchema, value: Any) -> Sequence[Badge]:
    """None where no choice of the value has a colour: then it is plain text. A stage always has one."""
    if not value or field.type not in (FieldType.PICKLIST, FieldType.MULTIPICKLIST):
        return ()
    if module.api_name == MODULE and field.api_name == STAGE:
        stage = stage_named(module, value)
        return (Badge(stage.label, stage.colour),) if stage else ()
    values = value if isinstance(value, list) else [value]
    tones = _tones(field)
    if not any(one in tones for one in values):
        return ()
    return tuple(Badge(field.label_of(one), tones.get(one, "grey")) for one in values)


def _tones(field: FieldSchema) -> dict[str, str]:
    return {choice.value: choice.tone for choice in (*field.choices, *field.retired_choices) if choice.tone}
