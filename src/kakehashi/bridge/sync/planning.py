"""The plan: what a sync would do, record by record, told before anything is written (design §6, invariant 7).

It is found out by rehearsing: the very code that syncs acts on both sides, which judge and answer as ever and keep nothing. So the
plan cannot say one thing and the sync do another; what changes in between is decided anew, by the same rules.
"""

import logging
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import OperationalError, transaction
from django.utils.translation import gettext_noop

from kakehashi.bridge.sides.records import OTHER, SideName

from .acting import act
from .batch import Batch
from .journal import Entry
from .mapping import ModulePair
from .models import Link
from .naming import name_of
from .outcome_models import Conflict, JournalRow, PlanRow
from .scope import LEFT_OUT
from .subjects import DirtyRow, Subject, read_subjects
from .workbench import Workbench

logger = logging.getLogger(__name__)

LATER = gettext_noop("decided while the sync runs: it hangs together with other records")
_KINDS = {
    JournalRow.Kind.CREATED: PlanRow.Kind.CREATE,
    JournalRow.Kind.LINKED: PlanRow.Kind.LINK,
    JournalRow.Kind.UPDATED: PlanRow.Kind.UPDATE,
    JournalRow.Kind.REMOVED: PlanRow.Kind.REMOVE,
    JournalRow.Kind.RESTORED: PlanRow.Kind.RESTORE,
    JournalRow.Kind.PARTED: PlanRow.Kind.UNLINK,
    JournalRow.Kind.MERGED: PlanRow.Kind.UNLINK,
}


def plan_records(bench: Workbench, module: ModulePair, side: SideName, ids: Sequence[int]) -> Counter[str]:
    """Write a row for each of these records of one side, in the caller's transaction; answers how many of each kind."""
    return Counter(row.kind for row in _plan(bench, module, side, _not_told_yet(bench, module, side, ids)))


def _plan(bench: Workbench, module: ModulePair, side: SideName, ids: Sequence[int]) -> list[PlanRow]:
    """A batch that fails is halved until the one record that fails is alone, as in the sync; one that the sync would look at again is
    rehearsed by itself once the others are told.
    """
    if not ids:
        return []
    try:
        told = rehearse(bench, module, side, ids)
    except OperationalError:
        raise
    except Exception as failure:
        if len(ids) > 1:
            middle = len(ids) // 2
            return _plan(bench, module, side, ids[:middle]) + _plan(bench, module, side, ids[middle:])
        logger.warning("Connection %s: %s %s", bench.connection.pk, module.name, ids[0], exc_info=True)
        told = Told([_refused(bench, module, side, ids[0], str(failure) or repr(failure))])
    rows = list(told.rows)
    PlanRow.objects.bulk_create(rows)
    for record_id in told.undecided:
        rows += _plan(bench, module, side, [record_id])
    return rows


@dataclass(frozen=True, slots=True)
class Told:
    """Rows of a plan, unsaved; and records that the sync would look at again, of which nothing can be said beside these others.

    `traces`: whom a look would leave traces of, in the records or in what the sync remembers of them, as (side, id).
    """

    rows: Sequence[PlanRow]
    undecided: Sequence[int] = ()
    traces: frozenset[tuple[SideName, int]] = frozenset()


def rehearse(bench: Workbench, module: ModulePair, side: SideName, ids: Sequence[int]) -> Told:
    """What would become of these records."""
    dirty = [DirtyRow(-place, side, record_id, 0, 0) for place, record_id in enumerate(ids, start=1)]
    with transaction.atomic(), bench.crm.rehearsal(), bench.desk.rehearsal():
        subjects = read_subjects(bench, module, dirty)
        homes = [(subject, subject.home, subject.home_id) for subject in subjects]
        outcome = _Outcome(act(bench, module, subjects))
        is_alone = len(ids) == 1
        undecided = [] if is_alone else [one for one in subjects if outcome.is_undecided(one)]
        rows = [outcome.row(*home) for home in homes if home[0] not in undecided]
        traces = frozenset((side, one) for subject, side, one in homes if outcome.leaves_traces(subject))
        transaction.set_rollback(True)  # what was remembered on our own side
    told = [row for row in rows if row is not None]
    _name_partners(bench, module, told)
    return Told(told, [one.rows[0].record_id for one in undecided], traces)


def _name_partners(bench: Workbench, module: ModulePair, rows: Sequence[PlanRow]) -> None:
    """As they are called now, not as they would be called afterwards."""
    for away in ("crm", "desk"):
        asking = {
            record_id: row for row in rows if row.side != away and (record_id := getattr(row, f"{away}_id")) is not None
        }
        records = bench.side(away).fetch(module.name_on(away), list(asking)) if asking else {}
        for record_id, record in records.items():
            asking[record_id].partner_name = name_of(record)[:200]


def _not_told_yet(bench: Workbench, module: ModulePair, side: SideName, ids: Sequence[int]) -> list[int]:
    """Whom a record of the other side has been joined to in this plan is told with it."""
    told = PlanRow.objects.filter(run=bench.run, module=module.name, **{f"{side}_id__in": ids})
    known = set(told.values_list(f"{side}_id", flat=True))
    return [one for one in ids if one not in known]


def _refused(bench: Workbench, module: ModulePair, side: SideName, record_id: int, reason: str) -> PlanRow:
    record = bench.side(side).fetch(module.name_on(side), [record_id]).get(record_id)
    return PlanRow(
        run=bench.run,
        module=module.name,
        kind=PlanRow.Kind.REFUSE,
        side=side,
        name=name_of(record)[:200] if record else "",
        reason=reason,
        **{f"{side}_id": record_id},
    )


class _Outcome:
    """What acting on a batch came to, sorted by what it is about."""

    def __init__(self, batch: Batch) -> None:
        findings = batch.findings
        self.batch = batch
        self._entries: defaultdict[tuple[int | None, int | None], list[Entry]] = defaultdict(list)
        self._conflicts: defaultdict[int, list[Conflict]] = defaultdict(list)
        for entry in findings.entries:
            self._entries[entry.crm_id, entry.desk_id].append(entry)
        for conflict in findings.conflicts:
            self._conflicts[id(conflict.link)].append(conflict)
        self._failures = {row.pk: str(why) for row, why in findings.failed}
        self._again = {row.pk for row in findings.again}
        self._finished = {row.pk for row in findings.finished}
        self._kept = {id(link) for link in (*findings.links, *findings.dropped)}

    def is_undecided(self, subject: Subject) -> bool:
        """It would be looked at again, and nothing is known of it so far."""
        told = self._entries.get((subject.crm_id, subject.desk_id)) or self._conflicts.get(id(subject.link))
        return not told and any(row.pk in self._again for row in subject.rows)

    def leaves_traces(self, subject: Subject) -> bool:
        """Something would be written, remembered, or looked at again."""
        is_told = (subject.crm_id, subject.desk_id) in self._entries or id(subject.link) in self._kept
        return is_told or any(row.pk not in self._finished for row in subject.rows)

    def row(self, subject: Subject, home: SideName, home_id: int) -> PlanRow | None:
        """None for what is gone, and was nobody's partner."""
        record, partner = subject.record(home), subject.record(OTHER[home])
        kind, changes, evidence, reason = self._deed(subject)
        if kind == PlanRow.Kind.SKIP and (record is None or record.is_deleted):
            return None
        is_made = kind == PlanRow.Kind.CREATE
        return PlanRow(
            run=self.batch.bench.run,
            module=self.batch.module.name,
            kind=kind,
            side=home,
            name=name_of(record)[:200] if record else "",
            changes=changes,
            evidence=evidence,
            reason=reason,
            **{f"{home}_id": home_id, f"{OTHER[home]}_id": partner.id if partner and not is_made else None},
        )

    def _deed(self, subject: Subject) -> tuple[str, dict[str, list[object]], dict[str, object], str]:
        """The row's kind, changes, evidence and reason."""
        entries = self._entries.get((subject.crm_id, subject.desk_id), [])
        changes, link = _changes(entries), subject.link
        failure = next((why for row in subject.rows if (why := self._failures.get(row.pk)) is not None), None)
        if failure is not None:
            return PlanRow.Kind.REFUSE, changes, {}, failure
        if link and link.state == Link.State.HELD:
            return PlanRow.Kind.HOLD, changes, link.evidence, ""
        if link and link.state == Link.State.OUTSIDE:
            return PlanRow.Kind.SKIP, changes, {}, LEFT_OUT
        if conflicts := self._conflicts.get(id(link)):
            asked: dict[str, list[object]] = {one.field: [one.crm_value, one.desk_value, ""] for one in conflicts}
            return PlanRow.Kind.CONFLICT, changes | asked, {}, ""
        if self.is_undecided(subject):
            return PlanRow.Kind.SKIP, changes, {}, LATER
        deed = next((one for one in entries if one.kind in _KINDS), None)
        return (_KINDS[deed.kind], changes, {}, deed.rule) if deed else (PlanRow.Kind.SKIP, changes, {}, "")


def _changes(entries: Sequence[Entry]) -> dict[str, list[object]]:
    """Of several deeds the first says what it is: a record that is linked is then also updated."""
    changes: dict[str, list[object]] = {}
    for entry in entries:
        if entry.kind in (JournalRow.Kind.CREATED, JournalRow.Kind.UPDATED):
            changes |= {name: [old, new, entry.side] for name, (old, new) in entry.changes.items()}
    return changes
