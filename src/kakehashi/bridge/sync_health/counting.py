"""The five counters of each module and side. They add up to the records that are there: how each of them stands is asked, nothing is estimated.

Only records that the sync remembers something special of are looked at one by one; the many that are linked and quiet are counted.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db import transaction
from django.db.models import Count

from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.sides.directory import side_of
from kakehashi.bridge.sides.records import SideName
from kakehashi.bridge.sync.mapping import BY_NAME
from kakehashi.bridge.sync.models import Link, Module
from kakehashi.bridge.sync.setting_models import SyncedModule, in_step

from .facts import Remembered, remembered
from .standing import Standing, standing_of

SIDES: tuple[SideName, SideName] = ("crm", "desk")


@dataclass(frozen=True, slots=True)
class SideCount:
    """How the records of one module on one side stand."""

    module: str
    label: str
    side: SideName
    is_two_way: bool
    by_standing: Mapping[Standing, int]

    @property
    def total(self) -> int:
        return sum(self.by_standing.values())

    @property
    def cells(self) -> list[tuple[Standing, int]]:
        return [(standing, self.by_standing.get(standing, 0)) for standing in Standing]


def counts_of(connection: Connection) -> list[SideCount]:
    """Of every synced module both sides. About ten queries, and two for each module and side."""
    with transaction.atomic():
        counting = _Counting(connection, remembered(connection))
        return [counting.count(row, side) for row in counting.synced for side in SIDES]


def totals_of(counts: Sequence[SideCount]) -> Mapping[Standing, int]:
    found: Counter[Standing] = Counter()
    for one in counts:
        found.update(one.by_standing)
    return {standing: found[standing] for standing in Standing}


@dataclass(frozen=True)
class _Counting:
    connection: Connection
    known: Remembered

    @cached_property
    def synced(self) -> list[SyncedModule]:
        order = list(BY_NAME)
        rows = in_step(self.connection.pk)
        return sorted(rows, key=lambda row: order.index(row.module))

    @cached_property
    def _linked(self) -> Mapping[str, int]:
        live = Link.objects.filter(connection=self.connection, state=Link.State.LIVE).order_by()
        return Counter(dict(live.values_list("module").annotate(Count("id"))))

    @cached_property
    def _left_out(self) -> Mapping[tuple[str, SideName], int]:
        links = Link.objects.filter(connection=self.connection, state=Link.State.OUTSIDE).order_by()
        rows = links.values_list("module").annotate(Count("crm_id"), Count("id"))
        found: Counter[tuple[str, SideName]] = Counter()
        for module, of_crm, everywhere in rows:
            found[module, "crm"], found[module, "desk"] = of_crm, everywhere - of_crm
        return found

    def count(self, row: SyncedModule, name: SideName) -> SideCount:
        module, side = BY_NAME[row.module], side_of(self.connection, name)
        is_looked_for = name == "crm" or row.is_two_way
        ids = {record_id for one, side_name, record_id in self.known.keys if (one, side_name) == (row.module, name)}
        live = side.live_among(module.name_on(name), ids) if ids else frozenset()
        facts = (self.known.facts((row.module, name, one), is_looked_for=is_looked_for) for one in live)
        found = Counter(map(standing_of, facts))
        self._add_the_quiet(found, row.module, name)
        self._add_the_unknown(found, side.count(module.name_on(name)), is_looked_for)
        label = str(Module(row.module).label)
        return SideCount(row.module, label, name, row.is_two_way, found)

    def _add_the_quiet(self, found: Counter[Standing], module: str, name: SideName) -> None:
        """Those whose living link nothing is the matter with, and those that the scope leaves out."""
        known = {link.id: link.state for link in self.known.links.values() if link.module == module and link.has(name)}
        special = Counter(known.values())
        found[Standing.IN_STEP] += self._linked[module] - special[Link.State.LIVE]
        found[Standing.OUTSIDE] += self._left_out[module, name] - special[Link.State.OUTSIDE]

    @staticmethod
    def _add_the_unknown(found: Counter[Standing], total: int, is_looked_for: bool) -> None:
        """Records that neither a link nor a mark names: not looked at yet, or the Desk's own. Fewer than none are records that went within
        this moment, linked still.
        """
        rest = total - found.total()
        if rest < 0:
            found[Standing.IN_STEP] += rest
        else:
            found[Standing.WAITING if is_looked_for else Standing.OUTSIDE] += rest
