"""Linked pairs: compare field by field, journal what is lost, write, and take the new bases from what came back."""

from collections.abc import Collection, Mapping, Sequence
from typing import Literal

from django.db import transaction

from kakehashi.bridge.sides.records import FieldType, Patch, SideRecord, Value
from kakehashi.core import clock

from .batch import Batch, References
from .journal import Entry, write_journal
from .mapping import FieldPair
from .models import JournalRow, Link
from .reconcile import FieldState, Result, changes_of, reconcile
from .subjects import Pair, Subject
from .values import Stored, common, keep, revive

_TELLING: frozenset[FieldType] = frozenset(
    {"email", "phone", "integer", "decimal", "currency", "percent", "datetime", "multipicklist"}
)


def desk_values(batch: Batch, subject: Subject) -> Mapping[str, Value]:
    """What a new Desk record gets; empty fields and references that are still open are left out."""
    values: dict[str, Value] = {}
    for pair in batch.pairs:
        stored = keep(subject.crm_value(pair.crm))
        if stored is not None and (value := _as_desk(pair, stored, batch.references)) is not None:
            values[pair.desk] = revive(value, pair.desk_type)
    return values


def base_of(
    record: SideRecord, pairs: Sequence[FieldPair], *, side: Literal["crm", "desk"], without: Collection[str] = ()
) -> dict[str, Stored]:
    """A record's mapped values as its side stores them, by Desk field name."""
    return {
        pair.desk: keep(record.values.get(pair.crm if side == "crm" else pair.desk))
        for pair in pairs
        if pair.desk not in without
    }


def bring_into_step(batch: Batch, subjects: Sequence[Subject]) -> None:
    """Reconcile linked subjects."""
    results = {one.crm_id: _compare(batch, one) for one in subjects}
    _journal_losers(batch, subjects, results)
    for subject in subjects:
        if not results[subject.crm_id].desk_writes:
            _agree(batch, subject, results[subject.crm_id])
    _write(batch, [one for one in subjects if results[one.crm_id].desk_writes], results)


def _compare(batch: Batch, subject: Subject) -> Result:
    both = subject.pair
    states = [_state(pair, both, batch.references) for pair in batch.pairs]
    return reconcile(
        [state for state in states if state],
        crm_modified_at=both.crm.modified_at,
        desk_modified_at=both.desk.modified_at,
    )


def _state(pair: FieldPair, both: Pair, references: References) -> FieldState | None:
    """None for a reference that is still open: it is left alone until its target is linked."""
    if references.is_open(pair, both.crm):
        return None
    crm_now, desk_now = keep(both.crm.values.get(pair.crm)), keep(both.desk.values.get(pair.desk))
    as_desk = _as_desk(pair, crm_now, references)
    return FieldState(
        name=pair.desk,
        crm=crm_now,
        desk=desk_now,
        crm_base=both.link.crm_base.get(pair.desk),
        desk_base=both.link.desk_base.get(pair.desk),
        crm_as_desk=as_desk,
        desk_as_crm=_as_crm(pair, desk_now, references),
        are_equal=as_desk == desk_now or _mean_the_same(pair, as_desk, desk_now),
        direction=pair.direction,
        rule=pair.rule,
    )


def _mean_the_same(pair: FieldPair, one: Stored, other: Stored) -> bool:
    telling = pair.crm_type if pair.crm_type in _TELLING else pair.desk_type
    return common(one, telling) == common(other, telling)


def _as_desk(pair: FieldPair, value: Stored, references: References) -> Stored:
    if pair.refers_to is None or not isinstance(value, int):
        return keep(revive(value, pair.desk_type))
    return references.to_desk.get(pair.refers_to, {}).get(value)


def _as_crm(pair: FieldPair, value: Stored, references: References) -> Stored:
    if pair.refers_to is None or not isinstance(value, int):
        return keep(revive(value, pair.crm_type))
    return references.to_crm.get(pair.refers_to, {}).get(value)


def _journal_losers(batch: Batch, subjects: Sequence[Subject], results: Mapping[int, Result]) -> None:
    """Before anything is overwritten, and committed: a reply lost after the write must not lose the value (design §6)."""
    entries = [
        Entry(
            JournalRow.Kind.LOST,
            batch.module.name,
            one.crm_id,
            one.desk.id if one.desk else None,
            side=loser.side,
            changes={loser.name: [loser.value, loser.winner]},
            rule=loser.rule,
        )
        for one in subjects
        for loser in results[one.crm_id].losers
    ]
    with transaction.atomic():
        write_journal(batch.bench, entries)


def _agree(batch: Batch, subject: Subject, result: Result) -> None:
    """Nothing to write; bases may advance."""
    link = subject.pair.link
    before = _kept(link)
    _advance(batch, subject, result)
    if _kept(link) != before or link.pk is None:
        batch.findings.links.append(link)
    batch.findings.settle(subject, "unchanged")


def _kept(link: Link) -> tuple[object, ...]:
    return (dict(link.crm_base), dict(link.desk_base), link.crm_version, link.desk_version, link.waits_for)


def _advance(batch: Batch, subject: Subject, result: Result) -> None:
    both = subject.pair
    link = both.link
    link.crm_base |= result.crm_base
    link.desk_base |= result.desk_base
    link.crm_version, link.desk_version = both.crm.version, both.desk.version
    link.waits_for = batch.waits_for(subject)


def _write(batch: Batch, subjects: Sequence[Subject], results: Mapping[int, Result]) -> None:
    if not subjects:
        return
    types = {pair.desk: pair.desk_type for pair in batch.pairs}
    patches = [
        Patch(
            id=one.pair.desk.id,
            version=one.pair.desk.version,
            values={write.name: revive(write.new, types[write.name]) for write in results[one.crm_id].desk_writes},
        )
        for one in subjects
    ]
    outcomes = batch.bench.desk.patch(batch.module.desk, patches, batch.bench.actor)
    for subject, outcome in zip(subjects, outcomes, strict=True):
        if outcome.state in {"updated", "unchanged"} and outcome.record:
            _wrote(batch, subject, results[subject.crm_id], outcome.record)
        elif outcome.state in {"stale", "missing"}:
            batch.findings.look_again(subject)
        else:
            batch.findings.fail(subject, outcome.reason)


def _wrote(batch: Batch, subject: Subject, result: Result, stored: SideRecord) -> None:
    """New bases of what was written: the value read at the source, and the value the target says it stored."""
    subject.desk = stored
    _advance(batch, subject, result)
    names = {write.name for write in result.desk_writes}
    both = subject.pair
    crm_now, desk_now = base_of(both.crm, batch.pairs, side="crm"), base_of(stored, batch.pairs, side="desk")
    both.link.crm_base |= {name: crm_now[name] for name in names}
    both.link.desk_base |= {name: desk_now[name] for name in names}
    both.link.agreed_at = clock.now()
    batch.findings.links.append(both.link)
    batch.findings.entries.append(
        Entry(
            JournalRow.Kind.UPDATED,
            batch.module.name,
            subject.crm_id,
            stored.id,
            changes=changes_of(result.desk_writes),
            rule=", ".join(sorted({write.rule for write in result.desk_writes})),
        )
    )
    batch.findings.settle(subject, "updated")
