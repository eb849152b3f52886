"""One record of either side, and all that the sync knows of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from django.db.models import Q

from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.sides.directory import crm_side, side_of
from kakehashi.bridge.sides.records import OTHER, SideName, SideRecord
from kakehashi.bridge.sync.mapping import ModulePair
from kakehashi.bridge.sync.models import Dirty, Link, Module
from kakehashi.bridge.sync.naming import Key, Who, name_of
from kakehashi.bridge.sync.outcome_models import Conflict
from kakehashi.bridge.sync.setting_models import SyncedModule, in_step
from kakehashi.bridge.sync.unread import unread_changes
from kakehashi.core.actors import Actor

from .standing import Facts, Standing, standing_of

_ALIVE = {Link.State.LIVE: 0, Link.State.HELD: 1, Link.State.APART: 2, Link.State.OUTSIDE: 3, Link.State.DEAD: 4}


@dataclass(frozen=True)
class Case:
    """`mark` is the record's own or its partner's; one that failed goes before one that waits. Without an actor nothing is hidden."""

    connection: Connection
    module: ModulePair
    side: SideName
    record: SideRecord
    actor: Actor | None = None

    @property
    def key(self) -> Key:
        return (self.module.name, self.side, self.record.id)

    @property
    def label(self) -> str:
        return str(Module(self.module.name).label)

    @cached_property
    def synced(self) -> SyncedModule | None:
        return in_step(self.connection.pk).filter(module=self.module.name).first()

    @property
    def url(self) -> str:
        """Where it is looked at; "" for a deleted one."""
        there = side_of(self.connection, self.side)
        return "" if self.record.is_deleted else there.record_url(self.module.name_on(self.side), self.record.id)

    @cached_property
    def link(self) -> Link | None:
        """Of several that name it the most alive one."""
        links = Link.objects.filter(
            connection=self.connection, module=self.module.name, **{f"{self.side}_id": self.record.id}
        )
        return min(links, key=lambda link: (_ALIVE[Link.State(link.state)], -link.pk), default=None)

    @property
    def _ends(self) -> set[Key]:
        """Itself and its partner."""
        other = getattr(self.link, f"{OTHER[self.side]}_id") if self.link else None
        return {self.key, (self.module.name, OTHER[self.side], other)} if other else {self.key}

    @cached_property
    def mark(self) -> Dirty | None:
        wanted = Q(pk__in=[])
        for _module, side, record_id in self._ends:
            wanted |= Q(side=side, record_id=record_id)
        rows = Dirty.objects.filter(wanted, connection=self.connection, module=self.module.name)
        return max(rows, key=lambda row: bool(row.reason), default=None)

    @cached_property
    def is_unread(self) -> bool:
        return bool(self._ends & unread_changes(self.connection))

    @cached_property
    def conflicts(self) -> Sequence[Conflict]:
        return list(Conflict.objects.filter(link=self.link, choice="").order_by("pk")) if self.link else []

    @property
    def standing(self) -> Standing | None:
        """None for what is deleted, and for a module that is not synced."""
        if self.synced is None or self.record.is_deleted:
            return None
        fails = bool(self.mark and self.mark.reason)
        return standing_of(
            Facts(
                is_looked_for=self.side == "crm" or self.synced.is_two_way,
                link=self.link.state if self.link else "",
                waits=not fails and (self.mark is not None or self.is_unread),
                fails=fails,
                is_disputed=bool(self.conflicts),
            )
        )

    @cached_property
    def partner(self) -> Who | None:
        """The other side's record, if it has one that this person may see."""
        away = OTHER[self.side]
        partner_id = getattr(self.link, f"{away}_id") if self.link else None
        return self.who(away, self.module, partner_id) if partner_id else None

    def who(self, side: SideName, module: ModulePair, record_id: int) -> Who | None:
        record = read_record(self.connection, module, side, record_id, self.actor)
        if record is None:
            return None
        url = "" if record.is_deleted else side_of(self.connection, side).record_url(module.name_on(side), record_id)
        return Who(record_id, name_of(record), url)


def read_record(
    connection: Connection, module: ModulePair, side: SideName, record_id: int, actor: Actor | None
) -> SideRecord | None:
    """None for an unknown one, and for one of the CRM that this person may not see. Of a deleted one nobody is shown more than that."""
    record = side_of(connection, side).fetch(module.name_on(side), [record_id]).get(record_id)
    if record is None or actor is None:
        return record
    if record.is_deleted:
        return replace(record, values={})
    if side == "crm":
        return crm_side(connection.org_id).visible_among(module.crm, [record_id], actor).get(record_id)
    return record
