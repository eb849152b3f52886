"""What one look is about: a pair (a CRM record, its link, its partner) or a record without one, and the dirty rows that asked for the look."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from kakehashi.bridge.sides.records import SideName, SideRecord, Value

from .links import crm_ids_of, links_by_crm_id, links_of_lonely
from .mapping import ModulePair
from .models import Link, home_of
from .workbench import Workbench

Step = Literal[
    "nothing", "recall", "match", "unhold", "reconcile", "part", "gone", "revive", "follow", "follow_desk", "move_back"
]
FORMER = "former_desk_id"  # in a link's evidence: the Desk record that it went with before that was merged


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

    def record(self, side: SideName) -> SideRecord:
        return self.crm if side == "crm" else self.desk


@dataclass(slots=True)
class Subject:
    """Known by its CRM record, or by its Desk record where there is no pair (yet): that one is its `home`.

    `former` is the Desk record that went with it before that was merged into today's.
    """

    crm_id: int | None
    desk_id: int | None = None
    rows: list[DirtyRow] = field(default_factory=list)
    link: Link | None = None
    crm: SideRecord | None = None
    desk: SideRecord | None = None
    is_two_way: bool = False
    former: SideRecord | None = None

    @property
    def home(self) -> SideName:
        return home_of(self.crm_id, self.desk_id)[0]

    @property
    def home_id(self) -> int:
        return home_of(self.crm_id, self.desk_id)[1]

    @property
    def home_record(self) -> SideRecord | None:
        return self.record(self.home)

    def record(self, side: SideName) -> SideRecord | None:
        return self.crm if side == "crm" else self.desk

    def value(self, side: SideName, field_name: str) -> Value:
        record = self.record(side)
        return record.values.get(field_name) if record else None

    @property
    def pair(self) -> Pair:
        """Only where the step is one that needs all three."""
        if self.link is None or self.crm is None or self.desk is None:
            raise LookupError(f"{self.home} record {self.home_id} is no complete pair.")
        return Pair(self.link, self.crm, self.desk)

    @property
    def step(self) -> Step:
        """What is to be done with it now."""
        home = self.home_record
        if home is None:
            return "nothing"
        if self.link is None:
            return "recall" if home.is_deleted else "match"
        if self.link.state in (Link.State.HELD, Link.State.APART, Link.State.OUTSIDE):
            return self._of_lonely(self.link, home)
        if self.crm is None:
            return "nothing"
        if self.link.state == Link.State.DEAD:
            return self._of_tombstone(self.link, self.crm)
        if self.crm.is_deleted:
            return "follow" if self.crm.merged_into else "part"
        return self._of_living()

    def _of_living(self) -> Step:
        """The CRM's record is there; what of the Desk's?"""
        if not self._is_away(self.former):
            return "move_back"
        if self.desk and self.desk.merged_into:
            return "follow_desk"
        return "gone" if self._is_away(self.desk) else "reconcile"

    def _of_lonely(self, link: Link, home: SideRecord) -> Step:
        if home.is_deleted:
            return "unhold"
        return "nothing" if link.state == Link.State.APART else "match"

    def _of_tombstone(self, link: Link, crm: SideRecord) -> Step:
        """A tombstone wakes only when the record whose deletion made it is restored: nothing deleted comes back by itself."""
        desk_is_away = self._is_away(self.desk)
        if crm.merged_into and link.ending == Link.Ending.MERGED and not desk_is_away:
            return "follow"  # perhaps a crash came before the survivor had its link
        if self.desk is None or crm.merged_into:
            return "nothing"
        if link.ending in (Link.Ending.GONE, Link.Ending.KEPT_CRM):
            return "nothing" if crm.is_deleted or desk_is_away else "revive"
        if link.ending == Link.Ending.REMOVED_CRM:
            return self._of_removed(restored_at_source=not desk_is_away, restored_there=not crm.is_deleted)
        if link.ending == Link.Ending.REMOVED:
            return self._of_removed(restored_at_source=not crm.is_deleted, restored_there=not desk_is_away)
        return "nothing" if crm.is_deleted else "revive"

    def _of_removed(self, *, restored_at_source: bool, restored_there: bool) -> Step:
        """The sync moved one to the recycle bin because the other was deleted. Somebody who takes ours out wants it back as much, if it goes both ways."""
        return "revive" if restored_at_source or (restored_there and self.is_two_way) else "nothing"

    @staticmethod
    def _is_away(record: SideRecord | None) -> bool:
        return record is None or record.is_deleted


def read_subjects(bench: Workbench, module: ModulePair, rows: Sequence[DirtyRow]) -> list[Subject]:
    """Read both sides as they are now. Always state, never payload: however often a record changed, it is looked at once."""
    by_crm_id, by_desk_id = _grouped(bench, module, rows)
    subjects = _pairs(bench, module, by_crm_id) if by_crm_id else []
    lonely = dict(by_desk_id)
    for subject in subjects:
        if subject.former:  # back from a merge: it is not alone
            subject.rows += lonely.pop(subject.former.id, [])
    return subjects + (_desk_records(bench, module, lonely) if lonely else [])


def _pairs(bench: Workbench, module: ModulePair, rows: Mapping[int, list[DirtyRow]]) -> list[Subject]:
    links = links_by_crm_id(bench.connection, module.name, rows)
    crm = bench.crm.fetch(module.crm, list(rows))
    desk_ids = [link.desk_id for link in links.values() if link.desk_id is not None]
    desk_ids += [link.evidence[FORMER] for link in links.values() if FORMER in link.evidence]
    desk: Mapping[int, SideRecord] = bench.desk.fetch(module.desk, desk_ids) if desk_ids else {}
    is_two_way = bench.is_two_way(module)
    subjects = []
    for crm_id, own_rows in rows.items():
        link = links.get(crm_id)
        desk_id = link.desk_id if link else None
        partner = desk.get(desk_id) if desk_id is not None else None
        former = desk.get(link.evidence.get(FORMER, 0)) if link else None
        subjects.append(Subject(crm_id, desk_id, own_rows, link, crm.get(crm_id), partner, is_two_way, former))
    return subjects


def _desk_records(bench: Workbench, module: ModulePair, rows: Mapping[int, list[DirtyRow]]) -> list[Subject]:
    """Desk records that no CRM record goes with: of interest only where the module goes both ways."""
    links = links_of_lonely(bench.connection, module.name, rows)
    desk = bench.desk.fetch(module.desk, list(rows))
    return [
        Subject(None, desk_id, own_rows, links.get(desk_id), None, desk.get(desk_id), is_two_way=True)
        for desk_id, own_rows in rows.items()
    ]


def _grouped(
    bench: Workbench, module: ModulePair, rows: Iterable[DirtyRow]
) -> tuple[Mapping[int, list[DirtyRow]], Mapping[int, list[DirtyRow]]]:
    """Rows by the CRM record that they are about, and rows of Desk records without one. One-way, the latter are nobody's business."""
    by_crm_id: dict[int, list[DirtyRow]] = defaultdict(list)
    by_desk_id: dict[int, list[DirtyRow]] = defaultdict(list)
    rows = list(rows)
    known = _partners(bench, module, {row.record_id for row in rows if row.side == "desk"})
    is_two_way = bench.is_two_way(module)
    for row in rows:
        crm_id = row.record_id if row.side == "crm" else known.get(row.record_id)
        if crm_id is not None:
            by_crm_id[crm_id].append(row)
        elif is_two_way:
            by_desk_id[row.record_id].append(row)
    return by_crm_id, by_desk_id


def _partners(bench: Workbench, module: ModulePair, desk_ids: Collection[int]) -> Mapping[int, int]:
    return crm_ids_of(bench.connection, module.name, desk_ids) if desk_ids else {}
