"""Saving what a person typed into a form that was opened a while ago: three-way, field by field. Pure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kakehashi.core.fields.reasons import ValueRefused
from kakehashi.core.fields.registry import clean_value
from kakehashi.crm.modules.schema import ModuleSchema


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field that somebody else changed to something else while the form was open."""

    field: str
    theirs: Any
    mine: Any


@dataclass(frozen=True, slots=True)
class Edit:
    """What to write, and what must be asked first."""

    changes: Mapping[str, Any]
    conflicts: tuple[Conflict, ...]


def weigh(was: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> Edit:
    """Only what the person changed is written. Where another changed the same field to something else, there is a conflict."""
    changes = {name: value for name, value in mine.items() if not _same(value, was.get(name))}
    conflicts = [
        Conflict(name, theirs.get(name), value)
        for name, value in changes.items()
        if not _same(theirs.get(name), was.get(name)) and not _same(theirs.get(name), value)
    ]
    return Edit(changes, tuple(conflicts))


def read_was(text: str, module: ModuleSchema) -> dict[str, Any]:
    """The values that a form was opened with, as it sent them back; what it garbled counts as empty."""
    try:
        sent = json.loads(text or "{}")
    except ValueError:
        return {}
    if not isinstance(sent, dict):
        return {}
    return {name: _cleaned(value, name, module) for name, value in sent.items() if name in module.fields}


def _cleaned(value: Any, name: str, module: ModuleSchema) -> Any:
    try:
        return clean_value(value, module.fields[name])
    except (ValueRefused, TypeError, AttributeError):
        return None


def _same(one: Any, other: Any) -> bool:
    """False and empty are one: an unchecked box was either."""
    return (one or None) == (other or None) if isinstance(one, bool) or isinstance(other, bool) else one == other
