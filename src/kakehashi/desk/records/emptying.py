"""Taking everything out of a record that is erased for good."""

from typing import Any

from kakehashi.core import clock

from .models import DeskRecord
from .writing import Kind

_NOTHING = {"account": None, "decimal": None}


def empty_row(kind: Kind[Any], row: DeskRecord) -> None:
    """An empty row stays: by its id the bridge knows that it is gone, and nothing comes back by itself."""
    for field in kind.fields:
        setattr(row, field.column, [] if field.is_list else _NOTHING.get(field.type, ""))
    row.custom, row.origin_key, row.modified_by = {}, "", ""
    row.version += 1
    row.modified_at = clock.now()
    kind.derive(row)
    row.save()
