"""One batch in work: records of one module, what their references point at, and what is found out about them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.sides.records import SideName, SideRecord

from .links import crm_ids_of, key_of, links_by_crm_id, partners
from .mapping import FieldPair, ModuleName, ModulePair
from .models import Link, Run
from .outcome import Findings
from .outcome_models import PlanRow
from .subjects import Subject
from .workbench import Workbench

Partners = Mapping[ModuleName, Mapping[int, int]]


@dataclass(frozen=True)
class References:
    """Who is whose partner among the records that this batch's references point at, by module: by CRM id, and by Desk id."""

    to_desk: Partners
    to_crm: Partners

    def partners_of(self, side: SideName) -> Partners:
        """The other side's records, by the ids of this side's."""
        return self.to_desk if side == "crm" else self.to_crm

    def open_target(self, pair: FieldPair, side: SideName, record: SideRecord | None) -> int | None:
        """The record that this reference points at on this side, if that has no partner yet."""
        target = record.values.get(pair.name_on(side)) if record and pair.refers_to else None
        if not target or not pair.refers_to or int(target) in self.partners_of(side).get(pair.refers_to, {}):
            return None
        return int(target)


@dataclass
class Batch:
    bench: Workbench
    module: ModulePair
    subjects: Sequence[Subject]
    findings: Findings = field(default_factory=Findings)

    @property
    def connection(self) -> Connection:
        return self.bench.connection

    @cached_property
    def pairs(self) -> tuple[FieldPair, ...]:
        return self.bench.pairs(self.module)

    @cached_property
    def is_two_way(self) -> bool:
        return self.bench.is_two_way(self.module)

    @cached_property
    def references(self) -> References:
        """Read once both sides are known; a partner made later in this batch is of the same module, so it refers to none of these."""
        to_desk: dict[ModuleName, Mapping[int, int]] = {}
        to_crm: dict[ModuleName, Mapping[int, int]] = {}
        for pair in self.pairs:
            if pair.refers_to:
                to_desk[pair.refers_to] = partners(self.connection, pair.refers_to, self._targets(pair, "crm"))
                to_crm[pair.refers_to] = crm_ids_of(self.connection, pair.refers_to, self._targets(pair, "desk"))
        return References(to_desk, to_crm)

    def read_references_again(self) -> None:
        """Records that were joined meanwhile may refer to others."""
        self.__dict__.pop("references", None)

    def _targets(self, pair: FieldPair, side: SideName) -> set[int]:
        name = pair.name_on(side)
        return {int(target) for subject in self.subjects if (target := subject.value(side, name))}

    def key_of(self, subject: Subject) -> str:
        """The stamp of what is made for a record on the other side. A retry after a crash finds the first attempt by it."""
        return key_of(self.connection.pk, self.module.name, subject.home_id)

    @property
    def key_prefix(self) -> str:
        return key_of(self.connection.pk, self.module.name, "")

    def links_of(self, crm_ids: Sequence[int]) -> dict[int, Link]:
        return links_by_crm_id(self.connection, self.module.name, crm_ids)

    def claimed(self, side: SideName, ids: Collection[int]) -> frozenset[int]:
        """While a plan is made nothing is linked yet: these records have been promised to somebody by it."""
        run = self.bench.run
        if run is None or run.kind != Run.Kind.PLAN or not ids:
            return frozenset()
        rows = PlanRow.objects.filter(
            run=run, module=self.module.name, kind=PlanRow.Kind.LINK, **{f"{side}_id__in": ids}
        )
        return frozenset(one for one in rows.values_list(f"{side}_id", flat=True) if one is not None)

    def set_waiting(self, subject: Subject) -> None:
        """Remember what the pair's references still wait for."""
        link = subject.pair.link
        link.waits_for, link.waits_for_desk = self._waits_for(subject, "crm"), self._waits_for(subject, "desk")

    def _waits_for(self, subject: Subject, side: SideName) -> int | None:
        """The record that a reference of this subject still waits for, on this side. One-way, the Desk's references are its own."""
        if side == "desk" and not self.is_two_way:
            return None
        record = subject.record(side)
        waiting = (self.references.open_target(pair, side, record) for pair in self.pairs)
        return next((target for target in waiting if target is not None), None)
