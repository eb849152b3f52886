"""The fields of both sides, as people know them."""

from collections.abc import Mapping
from functools import cached_property

from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.sides.directory import side_of
from kakehashi.bridge.sides.protocols import RecordSide
from kakehashi.bridge.sides.records import OTHER, FieldInfo, SideName

from .mapping import BY_NAME, fields_of


class Fields:
    """Each side is asked once, whatever is asked of it then."""

    def __init__(self, connection: Connection) -> None:
        self.sides: Mapping[SideName, RecordSide] = {side: side_of(connection, side) for side in OTHER}

    def of(self, module: str, side: SideName) -> Mapping[str, FieldInfo]:
        return self._known[module, side]

    def label(self, module: str, side: SideName, name: str) -> str:
        """What people call a field; its name where it is gone."""
        field = self.of(module, side).get(name)
        return str(field.label) if field else name

    @cached_property
    def _known(self) -> Mapping[tuple[str, SideName], Mapping[str, FieldInfo]]:
        described = {name: side.describe() for name, side in self.sides.items()}
        return {
            (module.name, side): fields_of(described[side], module.name_on(side))
            for module in BY_NAME.values()
            for side in described
        }
