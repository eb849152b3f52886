"""What follows from a deal's stage: its probability, and from that what to expect of it. Pure."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from babel.numbers import get_currency_precision

from kakehashi.crm.modules.schema import ModuleSchema

from .stages import MODULE, STAGE, Stage, is_lost, is_open, stage_named

REASON = "Reason_For_Loss__s"


def follow_stage(
    values: dict[str, Any], before: Mapping[str, Any], typed: Mapping[str, Any], module: ModuleSchema
) -> None:
    """Put probability and expected revenue into `values`, which hold `before` with what was `typed`."""
    if module.api_name != MODULE:
        return
    stage = stage_named(module, values.get(STAGE))
    if stage and "Probability" in module.fields:
        _follow_probability(values, before, typed, stage)
    if "Expected_Revenue" in module.fields:
        _follow_revenue(values, module)


def is_asked_for(name: str, values: Mapping[str, Any], module: ModuleSchema) -> bool:
    """Whether a required field is required of this record: a reason for loss only of a deal that is lost."""
    return is_always_asked_for(name, module) or is_lost(module, values.get(STAGE))


def is_always_asked_for(name: str, module: ModuleSchema) -> bool:
    """Whether a form may ask for a required field before it knows the stage."""
    return module.api_name != MODULE or name != REASON


def closes_deal(values: Mapping[str, Any], typed: Mapping[str, Any], module: ModuleSchema) -> bool:
    """Whether this write wins or loses a deal: then everything that the org requires has to be there."""
    return module.api_name == MODULE and STAGE in typed and not is_open(module, values.get(STAGE))


def _follow_probability(
    values: dict[str, Any], before: Mapping[str, Any], typed: Mapping[str, Any], stage: Stage
) -> None:
    """The stage's, unless somebody typed their own since the deal came here. Won is certain, lost is over."""
    is_typed = typed.get("Probability") is not None
    stays = before.get(STAGE) == stage.value and before.get("Probability") is not None and "Probability" not in typed
    if stage.is_open and (is_typed or stays):
        return
    values["Probability"] = str(stage.probability)


def _follow_revenue(values: dict[str, Any], module: ModuleSchema) -> None:
    amount, probability = values.get("Amount"), values.get("Probability")
    if amount is None or probability is None:
        values.pop("Expected_Revenue", None)
        return
    smallest = Decimal(1).scaleb(-get_currency_precision(module.currency))
    expected = (Decimal(str(amount)) * Decimal(str(probability)) / 100).quantize(smallest, ROUND_HALF_UP)
    values["Expected_Revenue"] = format(expected.normalize() + 0, "f")
