"""Which fields can be paired, which way, and what may get lost (contracts §4.4; shown to people in docs/field-types.md). Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from kakehashi.bridge.sides.records import FieldInfo, FieldType, ModuleInfo

from .mapping import MODULES

Loss = Literal["must_fit", "lines", "number", "fraction", "choice", "several", "too_long"]
Way = Literal["to_desk", "to_crm"]

_EXACT = ""
# {from: {to: what may go wrong}}. What is not here cannot be carried.
CARRIES: Mapping[FieldType, Mapping[FieldType, str]] = {
    "text": {
        "text": _EXACT,
        "textarea": _EXACT,
        "email": "must_fit",
        "phone": "must_fit",
        "url": "must_fit",
        "integer": "number",
        "decimal": "number",
        "currency": "number",
        "percent": "number",
        "picklist": "choice",
    },
    "textarea": {"textarea": _EXACT, "text": "lines"},
    "email": {"email": _EXACT, "text": _EXACT, "textarea": _EXACT},
    "phone": {"phone": _EXACT, "text": _EXACT, "textarea": _EXACT},
    "url": {"url": _EXACT, "text": _EXACT, "textarea": _EXACT},
    "integer": {"integer": _EXACT, "decimal": _EXACT, "currency": _EXACT, "percent": _EXACT, "text": _EXACT},
    "decimal": {"decimal": _EXACT, "currency": _EXACT, "percent": _EXACT, "integer": "fraction", "text": _EXACT},
    "currency": {"currency": _EXACT, "decimal": _EXACT, "integer": "fraction", "text": _EXACT},
    "percent": {"percent": _EXACT, "decimal": _EXACT, "integer": "fraction", "text": _EXACT},
    "boolean": {"boolean": _EXACT},
    "date": {"date": _EXACT, "text": _EXACT},
    "datetime": {"datetime": _EXACT, "text": _EXACT},
    "picklist": {"picklist": "choice", "multipicklist": "choice", "text": _EXACT, "textarea": _EXACT},
    "multipicklist": {"multipicklist": "choice", "picklist": "several", "text": _EXACT, "textarea": _EXACT},
    "lookup": {"lookup": _EXACT},
    "autonumber": {"text": _EXACT},
}
_REFERENCES = {(module.crm, module.desk) for module in MODULES}
_LONGEST: Mapping[str, int] = {"text": 255, "textarea": 32_000}


@dataclass(frozen=True, slots=True)
class Fit:
    """The ways in which a pair can go, and what may go wrong on each: {way: losses}. No ways: the two cannot be paired."""

    ways: Mapping[Way, Sequence[Loss]]

    @property
    def is_possible(self) -> bool:
        return bool(self.ways)

    @property
    def is_both_ways(self) -> bool:
        return len(self.ways) == 2

    def losses(self, direction: str) -> Sequence[tuple[Way, Loss]]:
        """Of the ways that a direction (to_desk, to_crm, both) takes."""
        return [(way, loss) for way, found in self.ways.items() if direction in (way, "both") for loss in found]


def fit(crm: FieldInfo, desk: FieldInfo) -> Fit:
    """How a CRM field and a Desk field go together. A read-only field is only read."""
    if "lookup" in (crm.type, desk.type) and (crm.lookup_module, desk.lookup_module) not in _REFERENCES:
        return Fit({})
    ways: dict[Way, Sequence[Loss]] = {}
    if not desk.is_read_only and (losses := _carried(crm, desk)) is not None:
        ways["to_desk"] = losses
    if not crm.is_read_only and crm.type != "autonumber" and (losses := _carried(desk, crm)) is not None:
        ways["to_crm"] = losses
    return Fit(ways)


def can_be_mapped(field: FieldInfo) -> bool:
    """Whether there is any type that it goes with."""
    return field.type in CARRIES


def unfilled(fields: Sequence[FieldInfo], filled: frozenset[str]) -> list[FieldInfo]:
    """Required fields that nothing fills: a record without them would be refused."""
    return [one for one in fields if one.is_required and not one.is_read_only and one.api_name not in filled]


def fields_in(modules: Sequence[ModuleInfo], name: str) -> Sequence[FieldInfo]:
    return next((module.fields for module in modules if module.api_name == name), ())


def _carried(source: FieldInfo, target: FieldInfo) -> list[Loss] | None:
    """What may go wrong; None where it cannot be carried at all."""
    found = CARRIES.get(source.type, {}).get(target.type)
    if found is None:
        return None
    losses: list[Loss] = [] if not found or _is_harmless(found, source, target) else [found]  # type: ignore[list-item]
    if source.type in _LONGEST and target.max_length and _longest(source) > target.max_length:
        losses.append("too_long")
    return losses


def _is_harmless(loss: str, source: FieldInfo, target: FieldInfo) -> bool:
    """Choices that both sides spell alike need nothing."""
    return loss == "choice" and bool(source.choices) and set(source.choices) <= set(target.choices)


def _longest(field: FieldInfo) -> int:
    """Where a side does not say: of one line nothing is assumed, since limits of 250 and 255 are no difference to people."""
    return field.max_length or (_LONGEST["textarea"] if field.type == "textarea" else 0)
