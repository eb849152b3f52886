"""What crosses the seam about people: who works in a CRM org, and who has a seat in a portal."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from kakehashi.core.errors import Text

SeatState = Literal["invited", "active", "inactive"]


@dataclass(frozen=True, slots=True)
class Colleague:
    """An active member of a CRM org."""

    person_id: int
    name: str
    email: str
    profile: Text


@dataclass(frozen=True, slots=True)
class Role:
    """A role that a seat may have. `abilities` says in words what it lets people do; `is_administrator` that it administers the portal."""

    value: str
    label: Text
    abilities: Sequence[Text]
    is_administrator: bool = False


@dataclass(frozen=True, slots=True)
class Seat:
    """A person's place in a portal. `expires_at` is when the link of an invitation dies."""

    id: int
    person_id: int
    name: str
    email: str
    role: str
    role_label: Text
    state: SeatState
    is_administrator: bool
    expires_at: datetime | None = None

    @property
    def is_active(self) -> bool:
        return self.state == "active"
