"""What one look is about: a CRM record, its link, its partner, and the dirty rows that asked for the look."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from kakehashi.bridge.sides.records import SideRecord, Value

from .links import crm_ids_of, links_by_crm_id
from .mapping import ModulePair
from .models import Link
from .workbench import Workbench

Step = Literal["nothing", "recall", "match", "unhold", "reconcile", "part", "gone", "revive", "follow"]


class DirtyRow(NamedTuple):
    """What a look needs of a dirty row; a first sync reads a hundred thousand of them."""

    pk: int
    side: str
    record_id: int
    seq: int
    attempts: int


@dataclass(frozen=True, slots=True)
class Pair:
    """A complete subject."""

    link: Link
    crm: SideRecord
    desk: SideRecord


@dataclass(slots=True)
class Subject:
    crm_id: int
    rows: list[DirtyRow] = field(default_factory=list)
    link: Link | None = None
    crm: SideRecord | None = None
    desk: SideRecord | None = None

    @property
    def step(self) -> Step:
        """What is to be done with it now."""
        if self.crm is None:
            return "nothing"
        if self.link is None:
            return "recall" if self.crm.is_deleted else "match"
        if self.link.state == Link.State.HELD:
            return "unhold" if self.crm.is_deleted else "match"
        if self.link.state == Link.State.DEAD:
            return self._of_tombstone(self.link, self.crm)
        if self.crm.is_deleted:
            return "follow" if self.crm.merged_into else "part"
        return "gone" if self._desk_is_away else "reconcile"

    @property
    def pair(self) -> Pair:
        """Only where the step is one that needs all three."""
        if self.link is None or self.crm is None or self.desk is None:
            raise LookupError(f"CRM record {self.crm_id} is no complete pair.")
        return Pair(self.link, self.crm, self.desk)

    def crm_value(self, field_name: str) -> Value:
        return self.crm.values.get(field_name) if self.crm else None

    def desk_value(self, field_name: str) -> Value:
        return self.desk.values.get(field_name) if self.desk else None

    @property
    def _desk_is_away(self) -> bool:
        return self.desk is None or self.desk.is_deleted

    def _of_tombstone(self, link: Link, crm: SideRecord) -> Step:
        """A tombstone wakes only when the record whose deletion made it is restored: nothing deleted comes back by itself."""
        if crm.merged_into and link.ending == Link.Ending.MERGED and not self._desk_is_away:
            return "follow"  # perhaps a crash came before the survivor had its link
        if crm.is_deleted or self.desk is None:
            return "nothing"
        if link.ending == Link.Ending.GONE:
            return "nothing" if self.desk.is_deleted else "revive"
        return "revive"


def read_subjects(bench: Workbench, module: ModulePair, rows: Sequence[DirtyRow]) -> list[Subject]:
    """Read both sides as they are now. Always state, never payload: however often a record changed, it is looked at once."""
    by_crm_id = _rows_by_crm_id(bench, module, rows)
    links = links_by_crm_id(bench.connection, module.name, by_crm_id)
    crm = bench.crm.fetch(module.crm, list(by_crm_id))
    desk_ids = [link.desk_id for link in links.values() if link.desk_id is not None]
    desk: Mapping[int, SideRecord] = bench.desk.fetch(module.desk, desk_ids) if desk_ids else {}
    return [
        Subject(crm_id, rows, link := links.get(crm_id), crm.get(crm_id), _partner(link, desk))
        for crm_id, rows in by_crm_id.items()
    ]


def _partner(link: Link | None, desk: Mapping[int, SideRecord]) -> SideRecord | None:
    return desk.get(link.desk_id) if link and link.desk_id is not None else None


def _rows_by_crm_id(bench: Workbench, module: ModulePair, rows: Iterable[DirtyRow]) -> Mapping[int, list[DirtyRow]]:
    """One-way, a Desk record that is linked to nothing is nobody's business."""
    grouped: dict[int, list[DirtyRow]] = defaultdict(list)
    desk_ids = {row.record_id for row in rows if row.side == "desk"}
    partners = crm_ids_of(bench.connection, module.name, desk_ids) if desk_ids else {}
    for row in rows:
        crm_id = row.record_id if row.side == "crm" else partners.get(row.record_id)
        if crm_id is not None:
            grouped[crm_id].append(row)
    return grouped
