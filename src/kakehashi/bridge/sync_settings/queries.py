"""The modules that can be kept in step, and how they are."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q

from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.sync.mapping import BY_NAME
from kakehashi.bridge.sync.models import Link, Module
from kakehashi.bridge.sync.setting_models import SyncedModule
from kakehashi.core.errors import NotFound, Text

from .words import scope_in_words


@dataclass(frozen=True, slots=True)
class ModuleState:
    """`synced` is None for one that is not kept in step."""

    name: str
    label: Text
    synced: SyncedModule | None
    linked: int
    fields: int
    has_own_fields: bool

    @property
    def crm_scope(self) -> str:
        return scope_in_words(self.synced.scope("crm")) if self.synced else ""

    @property
    def desk_scope(self) -> str:
        return scope_in_words(self.synced.scope("desk")) if self.synced else ""


def module_states(connection: Connection) -> Sequence[ModuleState]:
    """All modules there are, in the order of references. Two queries."""
    rows = {row.module: row for row in connection.modules.annotate(own_fields=Count("fields"))}
    links = connection.links.filter(Q(state=Link.State.LIVE)).order_by().values_list("module").annotate(Count("id"))
    linked = dict(links)
    states = []
    for module in Module:
        own = getattr(rows.get(module), "own_fields", 0)
        states.append(
            ModuleState(
                name=module.value,
                label=module.label,
                synced=rows.get(module),
                linked=linked.get(module, 0),
                fields=own or len(BY_NAME[module].fields),
                has_own_fields=bool(own),
            )
        )
    return states


def find_synced(connection: Connection, module: str) -> SyncedModule | None:
    """None for a module that is not kept in step yet. Raises `NotFound` for what is no module."""
    if module not in BY_NAME:
        raise NotFound
    return SyncedModule.objects.filter(connection=connection, module=module).first()
