"""One batch in work: records of one module, what their references point at, and what is found out about them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.sides.records import SideRecord

from .links import crm_ids_of, partners
from .mapping import FieldPair, ModuleName, ModulePair
from .outcome import Findings
from .subjects import Subject
from .workbench import Workbench


@dataclass(frozen=True)
class References:
    """Who is whose partner among the records that this batch's references point at, by module: by CRM id, and by Desk id."""

    to_desk: Mapping[ModuleName, Mapping[int, int]]
    to_crm: Mapping[ModuleName, Mapping[int, int]]

    def is_open(self, pair: FieldPair, crm: SideRecord) -> bool:
        """Does this reference point at a CRM record that has no partner yet?"""
        target = crm.values.get(pair.crm)
        return bool(pair.refers_to and target and int(target) not in self.to_desk.get(pair.refers_to, {}))


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
    def references(self) -> References:
        """Read once both sides are known; a partner made later in this batch is of the same module, so it refers to none of these."""
        to_desk: dict[ModuleName, Mapping[int, int]] = {}
        to_crm: dict[ModuleName, Mapping[int, int]] = {}
        for pair in self.pairs:
            if pair.refers_to:
                crm_ids = {int(one) for subject in self.subjects if (one := subject.crm_value(pair.crm))}
                desk_ids = {int(one) for subject in self.subjects if (one := subject.desk_value(pair.desk))}
                to_desk[pair.refers_to] = partners(self.connection, pair.refers_to, crm_ids)
                to_crm[pair.refers_to] = crm_ids_of(self.connection, pair.refers_to, desk_ids)
        return References(to_desk, to_crm)

    def key_of(self, crm_id: int) -> str:
        """The stamp of what is made for a CRM record. A retry after a crash finds the first attempt by it."""
        return f"{self.key_prefix}{crm_id}"

    @property
    def key_prefix(self) -> str:
        return f"connection:{self.connection.pk}:{self.module.name}:"

    def waits_for(self, subject: Subject) -> int | None:
        """The CRM record that a reference of this subject still waits for."""
        crm = subject.crm
        open_pairs = (pair for pair in self.pairs if crm and self.references.is_open(pair, crm))
        return next((int(crm.values[pair.crm]) for pair in open_pairs if crm), None)
