"""What the log of events says and the sync has not read yet: usually nothing, for it reads at once; much, while no worker runs."""

from collections.abc import Iterator

from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.sides.directory import side_of
from kakehashi.bridge.sides.protocols import RecordSide
from kakehashi.bridge.sides.records import OTHER, Change, SideName
from kakehashi.core.events.reading import PositionIsVoid
from kakehashi.core.events.subscribers import position_of

from .mapping import BY_CRM_NAME, BY_DESK_NAME
from .setting_models import in_step

SUBSCRIBER = "bridge.sync"  # stored with its position: never rename
MOST_PAGES = 4
PAGE_SIZE = 500


def unread_changes(connection: Connection) -> set[tuple[str, SideName, int]]:
    """(module, side, record) of each, at most two thousand of a side. What the connection wrote itself is no news to it."""
    synced = set(in_step(connection.pk).values_list("module", flat=True))
    origin = f"connection:{connection.pk}"
    found: set[tuple[str, SideName, int]] = set()
    for name in OTHER:
        modules = BY_CRM_NAME if name == "crm" else BY_DESK_NAME
        for change in _changes(side_of(connection, name)):
            module = modules.get(change.module)
            if module and module.name in synced and change.origin != origin:
                found.add((module.name, name, change.id))
    return found


def _changes(side: RecordSide) -> Iterator[Change]:
    """A position from before a restore says nothing: a comparison of everything is under way then."""
    after = position_of(SUBSCRIBER).token()
    for _page in range(MOST_PAGES):
        try:
            page = side.changes(after, limit=PAGE_SIZE)
        except PositionIsVoid:
            return
        yield from page.changes
        if page.is_last:
            return
        after = page.after
