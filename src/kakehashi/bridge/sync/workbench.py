"""What one pass over a connection works with."""

from dataclasses import dataclass, field
from functools import cached_property

from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.sides.directory import crm_side, desk_side
from kakehashi.bridge.sides.protocols import CrmSide, DeskSide
from kakehashi.core.actors import Actor

from .mapping import MODULES, FieldPair, ModuleName, ModulePair, usable_pairs
from .models import Run, SyncedModule


@dataclass
class Workbench:
    """A connection, its two sides, the identity that writes, the run in progress if any, and the field pairs in use now."""

    connection: Connection
    crm: CrmSide
    desk: DeskSide
    run: Run | None = None
    _pairs: dict[ModuleName, tuple[FieldPair, ...]] = field(default_factory=dict)

    @cached_property
    def actor(self) -> Actor:
        return self.connection.integration(self.crm.name)

    @cached_property
    def modules(self) -> tuple[ModulePair, ...]:
        """The modules that are kept in step, in the order of references."""
        wanted = set(self._directions)
        return tuple(module for module in MODULES if module.name in wanted)

    def pairs(self, module: ModulePair) -> tuple[FieldPair, ...]:
        if module.name not in self._pairs:
            self._pairs[module.name] = usable_pairs(
                module, self.crm.describe(), self.desk.describe(), direction="to_desk"
            )
        return self._pairs[module.name]

    @cached_property
    def _directions(self) -> dict[str, str]:
        return dict(SyncedModule.objects.filter(connection=self.connection).values_list("module", "direction"))


def open_workbench(connection: Connection) -> Workbench:
    return Workbench(
        connection=connection,
        crm=crm_side(connection.org_id),
        desk=desk_side(connection.portal_id),
        run=Run.objects.filter(connection=connection, finished_at=None).first(),
    )
