"""What crosses the seam about records: accounts, contacts, products and whatever else a module holds.

Values are canonical: str, int, Decimal, bool, date, aware datetime, list[str], None for empty; a reference to another record is
that record's id as int.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from kakehashi.core.errors import Text

Value = Any
SideName = Literal["crm", "desk"]
OTHER: Mapping[SideName, SideName] = {"crm": "desk", "desk": "crm"}
FieldType = Literal[
    "text", "textarea", "email", "phone", "url", "integer", "decimal", "currency", "percent", "boolean", "date", "datetime",
    "picklist", "multipicklist", "lookup", "owner", "autonumber", "emails", "other",
]  # fmt: skip


def side_named(name: str) -> SideName:
    """A side's name as it was stored or sent; whatever is no side counts as the CRM."""
    return "desk" if name == "desk" else "crm"


@dataclass(frozen=True, slots=True)
class FieldInfo:
    api_name: str
    label: Text
    type: FieldType
    is_required: bool = False
    is_read_only: bool = False
    max_length: int | None = None
    choices: tuple[str, ...] = ()
    lookup_module: str = ""


@dataclass(frozen=True, slots=True)
class ModuleInfo:
    api_name: str
    label: Text
    fields: tuple[FieldInfo, ...]
    is_switched_off: bool = False


@dataclass(frozen=True, slots=True)
class SideRecord:
    """A record as its side stores it now. `version` grows with each change; `key` is the origin it was stamped with, if any. A merged
    record counts as deleted, and `merged_into` is the one that it is today.
    """

    module: str
    id: int
    version: int
    values: Mapping[str, Value]
    is_deleted: bool = False
    merged_into: int | None = None
    key: str = ""
    modified_at: datetime | None = None
    modified_by: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """A marker: this record changed, go and read it. `origin` is the actor's origin, to tell an echo."""

    module: str
    id: int
    origin: str = ""


@dataclass(frozen=True, slots=True)
class SideChange:
    """A record of some org ("crm") or portal ("desk") changed. `module` is the side's own name, `origin` the actor's origin."""

    side: SideName
    tenant_id: int
    module: str
    record_id: int
    origin: str = ""


@dataclass(frozen=True, slots=True)
class ChangePage:
    changes: tuple[Change, ...]
    after: str
    is_last: bool


@dataclass(frozen=True, slots=True)
class Ensure:
    """Make sure that a record for `key` exists. `match_keys` are (field, value) pairs that nobody else may hold: a live record that
    has one of them and is not among `known` (looked at and found to be somebody else) makes the outcome "stale": look again.
    """

    key: str
    values: Mapping[str, Value]
    match_keys: tuple[tuple[str, Value], ...] = ()
    known: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Patch:
    """Write some fields of a record, if it still has `version`."""

    id: int
    version: int
    values: Mapping[str, Value]


OutcomeState = Literal["created", "found", "updated", "unchanged", "stale", "refused", "missing", "removed", "restored"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one item. `record` holds what is stored now, as normalised by its side; `reason` (a sentence for people)
    goes with "refused". "missing" is a record that is unknown or in the recycle bin.
    """

    state: OutcomeState
    record: SideRecord | None = None
    reason: Text = ""
