"""The stages of a deal: entries of its pick list that know how likely a deal is won there, and whether it is still open. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from kakehashi.core.errors import Text
from kakehashi.core.fields.schema import Choice
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.modules.standard.deals import STAGE_DETAILS

MODULE = "Deals"
STAGE = "Stage"
COLOURS = ("blue", "plum", "amber", "green", "red", "grey")


class StageType(StrEnum):
    """Zoho's `forecast_type`, in its own spelling."""

    OPEN = "Open"
    WON = "Closed Won"
    LOST = "Closed Lost"


@dataclass(frozen=True, slots=True)
class Stage:
    """`value` is stored and never changes; `probability` in percent."""

    value: str
    label: Text
    probability: int
    type: StageType
    colour: str
    is_retired: bool = False

    @property
    def is_open(self) -> bool:
        return self.type == StageType.OPEN

    @property
    def is_won(self) -> bool:
        return self.type == StageType.WON

    @property
    def is_lost(self) -> bool:
        return self.type == StageType.LOST


def stages_of(module: ModuleSchema) -> tuple[Stage, ...]:
    """What a deal can be moved to, in order. Empty for a module that has no stages."""
    return tuple(_stage(choice) for choice in _choices(module))


def all_stages(module: ModuleSchema) -> Mapping[str, Stage]:
    """By stored value, those too that are not offered any more."""
    field = module.fields.get(STAGE) if module.api_name == MODULE else None
    retired = field.retired_choices if field else ()
    return {choice.value: _stage(choice) for choice in (*_choices(module), *retired)}


def stage_named(module: ModuleSchema, value: Any) -> Stage | None:
    """The stage that a record's value names; None when it was never one."""
    return all_stages(module).get(str(value)) if value else None


def is_won(module: ModuleSchema, value: Any) -> bool:
    stage = stage_named(module, value)
    return stage is not None and stage.is_won


def is_lost(module: ModuleSchema, value: Any) -> bool:
    stage = stage_named(module, value)
    return stage is not None and stage.is_lost


def is_open(module: ModuleSchema, value: Any) -> bool:
    """A stage that nobody knows counts as open, so that its deal is not lost from sight."""
    stage = stage_named(module, value)
    return stage is None or stage.is_open


def values_of_type(module: ModuleSchema, *types: StageType) -> list[str]:
    """Stored values of the stages of these types, retired ones included: what a query asks for."""
    return [stage.value for stage in all_stages(module).values() if stage.type in types]


def _choices(module: ModuleSchema) -> Sequence[Choice]:
    field = module.fields.get(STAGE) if module.api_name == MODULE else None
    return field.choices if field else ()


def _stage(choice: Choice) -> Stage:
    """An entry says only what an administrator chose; the rest are Zoho's start values."""
    probability, kind = STAGE_DETAILS.get(choice.value, (0, StageType.OPEN.value))
    type_ = StageType(choice.details.get("forecast_type") or kind)
    return Stage(
        value=choice.value,
        label=choice.label,
        probability=int(choice.details.get("probability", probability)),
        type=type_,
        colour=choice.details.get("colour") or _colour(type_),
        is_retired=bool(choice.details.get("is_retired")),
    )


def _colour(type_: StageType) -> str:
    return {StageType.OPEN: "blue", StageType.WON: "green", StageType.LOST: "grey"}[type_]
