"""What is handed in to be written, and what comes back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from kakehashi.core.errors import Text
from kakehashi.core.fields.reasons import Reason

from .models import Record

WriteState = Literal["created", "updated", "unchanged", "refused", "stale", "missing"]


@dataclass(frozen=True, slots=True)
class RecordDraft:
    """A record to create, or with `record_id` the fields to change of one that is there (if it still has `version`, when given)."""

    values: Mapping[str, Any]
    record_id: int | None = None
    version: int | None = None
    owner_id: int | None = None
    origin_key: str = ""


@dataclass(frozen=True, slots=True)
class RecordResult:
    """What became of one draft. `record` is what is stored now; `reasons` say by field why it was refused; `changes` are
    old and new by field.
    """

    state: WriteState
    record: Record | None = None
    reasons: Mapping[str, Reason] = field(default_factory=dict)
    changes: Mapping[str, list[Any]] = field(default_factory=dict)

    @property
    def sentences(self) -> dict[str, Text]:
        return {name: reason.sentence for name, reason in self.reasons.items()}
