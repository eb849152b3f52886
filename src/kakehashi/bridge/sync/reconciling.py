"""Linked pairs: compare field by field, journal what is lost, write, and take the new bases from what came back."""

from collections.abc import Collection, Mapping, Sequence

from django.db import transaction

from kakehashi.bridge.sides.records import OTHER, FieldType, Outcome, Patch, SideName, SideRecord, Value
from kakehashi.core import clock

from .batch import Batch, References
from .conflicts import Choice, choices_of
from .journal import Entry, write_journal
from .mapping import FieldPair
from .models import Link
from .outcome_models import Conflict, JournalRow
from .reconcile import FieldState, Result, changes_of, reconcile
from .subjects import Pair, Subject
from .values import Stored, common, keep, revive

_TELLING: frozenset[FieldType] = frozenset(
    {"email", "phone", "integer", "decimal", "currency", "percent", "datetime", "multipicklist"}
)
_SIDES: tuple[SideName, SideName] = ("desk", "crm")


def values_for(batch: Batch, subject: Subject, side: SideName) -> Mapping[str, Value]:
    """What a new record on this side gets; empty fields and references that are still open are left out."""
    values: dict[str, Value] = {}
    source = OTHER[side]
    for pair in batch.pairs:
        stored = keep(subject.value(source, pair.name_on(source)))
        if (
            stored is not None
            and pair.goes_to(side)
            and (value := _as(side, pair, stored, batch.references)) is not None
        ):
            values[pair.name_on(side)] = revive(value, pair.type_on(side))
    return values


def base_of(
    record: SideRecord, pairs: Sequence[FieldPair], *, side: SideName, without: Collection[str] = ()
) -> dict[str, Stored]:
    """A record's mapped values as its side stores them, by Desk field name."""
    return {pair.desk: keep(record.values.get(pair.name_on(side))) for pair in pairs if pair.desk not in without}


def bring_into_step(batch: Batch, subjects: Sequence[Subject]) -> None:
    """Reconcile linked subjects: into the Desk first, then into the CRM. One that changed under our hands is looked at again as a whole."""
    choices = choices_of([one.pair.link for one in subjects])
    results = {one.pair.crm.id: _compare(batch, one, choices.get(one.pair.link.pk, {})) for one in subjects}
    _journal_losers(batch, subjects, results)
    waiting = list(subjects)
    for side in _SIDES:
        waiting = _write(batch, waiting, results, side)
    for subject in waiting:
        _agree(batch, subject, results[subject.pair.crm.id])


def _compare(batch: Batch, subject: Subject, choices: Mapping[str, Choice]) -> Result:
    both = subject.pair
    states = [_state(pair, both, batch, choices.get(pair.desk)) for pair in batch.pairs]
    return reconcile(
        [state for state in states if state],
        crm_modified_at=both.crm.modified_at,
        desk_modified_at=both.desk.modified_at,
    )


def _state(pair: FieldPair, both: Pair, batch: Batch, choice: Choice | None) -> FieldState | None:
    """None where neither side changed, and for a reference that is still open: it is left alone until its target is linked."""
    crm_now, desk_now = keep(both.crm.values.get(pair.crm)), keep(both.desk.values.get(pair.desk))
    crm_base, desk_base = both.link.crm_base.get(pair.desk), both.link.desk_base.get(pair.desk)
    if crm_now == crm_base and desk_now == desk_base:
        return None
    references = batch.references
    if references.open_target(pair, "crm", both.crm) is not None:
        return None
    is_open = batch.is_two_way and references.open_target(pair, "desk", both.desk) is not None
    if is_open and desk_now != desk_base:
        return None
    as_desk = _as("desk", pair, crm_now, references)
    return FieldState(
        name=pair.desk,
        crm=crm_now,
        desk=desk_now,
        crm_base=crm_base,
        desk_base=desk_base,
        crm_as_desk=as_desk,
        desk_as_crm=_as("crm", pair, desk_now, references),
        are_equal=as_desk == desk_now or _mean_the_same(pair, as_desk, desk_now),
        direction=pair.direction,
        rule=pair.rule,
        choice=choice.side if choice and choice.holds_for(crm_now, desk_now) else None,
    )


def _mean_the_same(pair: FieldPair, one: Stored, other: Stored) -> bool:
    telling = pair.crm_type if pair.crm_type in _TELLING else pair.desk_type
    return common(one, telling) == common(other, telling)


def _as(side: SideName, pair: FieldPair, value: Stored, references: References) -> Stored:
    """A value of the other side as this side would store it."""
    if pair.refers_to is not None and isinstance(value, int):
        return references.partners_of(OTHER[side]).get(pair.refers_to, {}).get(value)
    words = pair.choices_on(side)
    if words and isinstance(value, str):
        value = words.get(value, value)
    elif words and isinstance(value, list):
        value = [words.get(one, one) for one in value]
    return keep(revive(value, pair.type_on(side)))


def _journal_losers(batch: Batch, subjects: Sequence[Subject], results: Mapping[int, Result]) -> None:
    """Before anything is overwritten, and committed: a reply lost after the write must not lose the value (design §6)."""
    entries = [
        Entry(
            JournalRow.Kind.LOST,
            batch.module.name,
            one.pair.crm.id,
            one.pair.desk.id,
            side=loser.side,
            changes={loser.name: [loser.value, loser.winner]},
            rule=loser.rule,
        )
        for one in subjects
        for loser in results[one.pair.crm.id].losers
    ]
    with transaction.atomic():
        write_journal(batch.bench, entries)


def _agree(batch: Batch, subject: Subject, result: Result) -> None:
    """All that was to be written is written; bases may advance."""
    link = subject.pair.link
    is_written = bool(result.desk_writes or result.crm_writes)
    before = _kept(link)
    _advance(batch, subject, result)
    if is_written:
        link.agreed_at = clock.now()
    if is_written or _kept(link) != before or link.pk is None:
        batch.findings.links.append(link)
    _note_conflicts(batch, subject, result)
    if (
        link.pk is None and result.conflicts
    ):  # without a number yet: the next look finds the same conflicts and keeps them
        batch.findings.look_again(subject)
    else:
        batch.findings.settle(subject, "updated" if is_written else "unchanged")


def _note_conflicts(batch: Batch, subject: Subject, result: Result) -> None:
    link = subject.pair.link
    if link.pk is not None:
        batch.findings.settled.append((link.pk, tuple(result.conflicts)))
    pairs = {pair.desk: pair for pair in batch.pairs}
    batch.findings.conflicts += [
        Conflict(
            connection=batch.connection,
            link=link,
            module=batch.module.name,
            field=name,
            crm_value=keep(subject.value("crm", pairs[name].crm)),
            desk_value=keep(subject.value("desk", name)),
            seen_at=clock.now(),
        )
        for name in result.conflicts
    ]


def _kept(link: Link) -> tuple[object, ...]:
    return (
        dict(link.crm_base),
        dict(link.desk_base),
        link.crm_version,
        link.desk_version,
        link.waits_for,
        link.waits_for_desk,
    )


def _advance(batch: Batch, subject: Subject, result: Result) -> None:
    both = subject.pair
    link = both.link
    link.crm_base |= result.crm_base
    link.desk_base |= result.desk_base
    link.crm_version, link.desk_version = both.crm.version, both.desk.version
    batch.set_waiting(subject)


def _write(batch: Batch, subjects: Sequence[Subject], results: Mapping[int, Result], side: SideName) -> list[Subject]:
    """Write what goes to this side. Answers the subjects that are still whole: written, or with nothing to write here."""
    asked = [one for one in subjects if results[one.pair.crm.id].writes_on(side)]
    if not asked:
        return list(subjects)
    patches = [_patch(batch, one, results[one.pair.crm.id], side) for one in asked]
    outcomes = batch.bench.side(side).patch(batch.module.name_on(side), patches, batch.bench.actor)
    answers = {id(one): outcome for one, outcome in zip(asked, outcomes, strict=True)}
    whole = []
    for subject in subjects:
        outcome = answers.get(id(subject))
        if outcome is None or _took(batch, subject, results[subject.pair.crm.id], outcome, side):
            whole.append(subject)
    return whole


def _patch(batch: Batch, subject: Subject, result: Result, side: SideName) -> Patch:
    pairs = {pair.desk: pair for pair in batch.pairs}
    record = subject.pair.record(side)
    values = {
        pairs[write.name].name_on(side): revive(write.new, pairs[write.name].type_on(side))
        for write in result.writes_on(side)
    }
    return Patch(record.id, record.version, values)


def _took(batch: Batch, subject: Subject, result: Result, outcome: Outcome, side: SideName) -> bool:
    if outcome.state in {"updated", "unchanged"} and outcome.record:
        _wrote(batch, subject, result, outcome.record, side)
        return True
    _keep_what_was_written(batch, subject, result, side)
    if outcome.state in {"stale", "missing"}:
        batch.findings.look_again(subject)
    else:
        batch.findings.fail(subject, outcome.reason)
    return False


def _keep_what_was_written(batch: Batch, subject: Subject, result: Result, side: SideName) -> None:
    """The Desk took its part and the CRM did not take its own: what the Desk took is agreed all the same."""
    link = subject.pair.link
    if link.pk is None or (side == "crm" and result.desk_writes):
        batch.findings.links.append(link)


def _wrote(batch: Batch, subject: Subject, result: Result, stored: SideRecord, side: SideName) -> None:
    """New bases of what was written: the value read at the source, and the value the target says it stored."""
    source, writes = OTHER[side], result.writes_on(side)
    names = {write.name for write in writes}
    link, pairs = subject.pair.link, batch.pairs
    read = base_of(subject.pair.record(source), pairs, side=source)
    if side == "desk":
        subject.desk = stored
    else:
        subject.crm = stored
    kept = base_of(stored, pairs, side=side)
    crm, desk = (read, kept) if side == "desk" else (kept, read)
    link.crm_base |= {name: crm[name] for name in names}
    link.desk_base |= {name: desk[name] for name in names}
    batch.findings.entries.append(
        Entry(
            JournalRow.Kind.UPDATED,
            batch.module.name,
            subject.crm_id,
            subject.desk_id,
            side=side,
            changes=changes_of(writes),
            rule=", ".join(sorted({write.rule for write in writes})),
        )
    )
