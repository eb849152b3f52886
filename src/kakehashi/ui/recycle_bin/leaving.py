"""When something leaves a recycle bin for good, as its list says it. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Leaving:
    """`at`: not before that; None for things that are kept for ever. `held_by` says in words what still names it, "" for nothing."""

    at: datetime | None
    held_by: str = ""


def leaving_of(deleted_at: datetime | None, days: int | None, held_by: str) -> Leaving:
    at = deleted_at + timedelta(days=days) if deleted_at and days is not None else None
    return Leaving(at, held_by)
