"""What one pass over a connection works with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.sides.directory import crm_side, desk_side
from kakehashi.bridge.sides.protocols import CrmSide, DeskSide, RecordSide
from kakehashi.bridge.sides.records import SideName
from kakehashi.core.actors import Actor

from .mapping import MODULES, FieldPair, MatchKey, ModuleName, ModulePair, match_keys, usable_pairs
from .models import Run
from .setting_models import SyncedModule, in_step


@dataclass
class Workbench:
    """A connection, its two sides, the identity that writes, the run in progress if any, and the field pairs in use now."""

    connection: Connection
    crm: CrmSide
    desk: DeskSide
    run: Run | None = None
    _pairs: dict[ModuleName, tuple[FieldPair, ...]] = field(default_factory=dict)
    _members: dict[int, bool] = field(default_factory=dict)

    @cached_property
    def actor(self) -> Actor:
        return self.connection.integration(self.crm.name)

    @cached_property
    def modules(self) -> tuple[ModulePair, ...]:
        """The modules that are kept in step, in the order of references."""
        return tuple(module for module in MODULES if module.name in self._synced)

    def settings(self, module: ModulePair) -> SyncedModule:
        return self._synced[module.name]

    def is_two_way(self, module: ModulePair) -> bool:
        return self._synced[module.name].is_two_way

    def keys(self, module: ModulePair) -> tuple[MatchKey, ...]:
        return match_keys(module, self._synced[module.name])

    def pairs(self, module: ModulePair) -> tuple[FieldPair, ...]:
        if module.name not in self._pairs:
            crm, desk = self.crm.describe(), self.desk.describe()
            self._pairs[module.name] = usable_pairs(module, crm, desk, self._synced[module.name])
        return self._pairs[module.name]

    def owner_of_new(self, module: ModulePair) -> int | None:
        """Who owns what is made in the CRM for a Desk record, if they still work there."""
        owner = self._synced[module.name].owner_id or self.connection.set_up_by_id
        if owner not in self._members:
            self._members[owner] = self.crm.has_member(owner)
        return owner if self._members[owner] else None

    def side(self, name: SideName) -> RecordSide:
        return self.crm if name == "crm" else self.desk

    @cached_property
    def _synced(self) -> Mapping[str, SyncedModule]:
        rows = in_step(self.connection.pk).prefetch_related("fields")
        return {row.module: row for row in rows}


def open_workbench(connection: Connection) -> Workbench:
    return Workbench(
        connection=connection,
        crm=crm_side(connection.org_id),
        desk=desk_side(connection.portal_id),
        run=Run.objects.filter(connection=connection, finished_at=None).first(),
    )
