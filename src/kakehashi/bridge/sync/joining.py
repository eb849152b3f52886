"""Records without a partner: match, create, or put before a person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kakehashi.bridge.sides.records import Ensure, SideRecord, Value
from kakehashi.core import clock

from .batch import Batch
from .journal import Entry
from .links import live_desk_ids
from .mapping import MatchKey
from .matching import Candidate, Create, Decision, Hold, LinkTo, Rung, decide
from .models import JournalRow, Link
from .reconciling import base_of, desk_values
from .subjects import Subject


@dataclass(frozen=True, slots=True)
class _Holders:
    """Who holds the values of one match key: record ids here and there, by value."""

    key: MatchKey
    here: Mapping[Value, tuple[int, ...]]
    there: Mapping[Value, tuple[int, ...]]


def join(batch: Batch, subjects: Sequence[Subject]) -> list[Subject]:
    """Deal with subjects to match. Answers those now joined to an existing partner: their fields are still to be reconciled."""
    if not subjects:
        return []
    holders = _holders(batch, subjects)
    decisions = _decide_all(batch, subjects, holders)
    for subject in subjects:
        decision = decisions[subject.crm_id]
        if isinstance(decision, Hold):
            _hold(batch, subject, decision)
    _create(batch, [one for one in subjects if isinstance(decisions[one.crm_id], Create)], holders)
    return _join_to_partners(batch, subjects, decisions)


def _holders(batch: Batch, subjects: Sequence[Subject]) -> list[_Holders]:
    bench, module, holders = batch.bench, batch.module, []
    for key in module.keys:
        values = list({value for one in subjects if (value := one.crm_value(key.crm))})
        if values:
            here = bench.crm.find(module.crm, key.crm, values)
            holders.append(_Holders(key, here, bench.desk.find(module.desk, key.desk, values)))
    return holders


def _decide_all(batch: Batch, subjects: Sequence[Subject], holders: Sequence[_Holders]) -> dict[int, Decision]:
    """What an earlier attempt made is found by its key, whatever else the ladder says; creating looks for it itself."""
    ids = {one for holder in holders for found in holder.there.values() for one in found}
    records = batch.bench.desk.fetch(batch.module.desk, list(ids)) if ids else {}
    linked = live_desk_ids(batch.connection, batch.module.name, ids)
    candidates = {
        one: Candidate(one, one in linked, record.key.startswith(batch.key_prefix)) for one, record in records.items()
    }
    decisions = {one.crm_id: decide(_ladder(one, holders, candidates)) for one in subjects}
    keys = {batch.key_of(crm_id): crm_id for crm_id, decision in decisions.items() if not isinstance(decision, Create)}
    made = batch.bench.desk.find_keys(batch.module.desk, list(keys)) if keys else {}
    return decisions | {keys[key]: Create() for key in made}


def _ladder(subject: Subject, holders: Sequence[_Holders], candidates: Mapping[int, Candidate]) -> list[Rung]:
    rungs = []
    for holder in holders:
        if value := subject.crm_value(holder.key.crm):
            others = [one for one in holder.here[value] if one != subject.crm_id]
            found = tuple(candidates[one] for one in holder.there[value] if one in candidates)
            rungs.append(Rung(holder.key.crm, 1 + len(others), found))
    return rungs


def _hold(batch: Batch, subject: Subject, decision: Hold) -> None:
    link = subject.link or Link(crm_id=subject.crm_id, made_at=clock.now())
    link.state, link.desk_id, link.agreed_at = Link.State.HELD, None, clock.now()
    link.evidence = {
        "reason": decision.reason,
        "field": decision.field_name,
        "candidates": list(decision.candidates),
    }
    batch.findings.links.append(link)
    batch.findings.settle(subject, "held")


def _join_to_partners(batch: Batch, subjects: Sequence[Subject], decisions: Mapping[int, Decision]) -> list[Subject]:
    """A candidate that two subjects of this batch want goes to the first; the other one looks again and finds it taken."""
    chosen = {one.crm_id: decision for one in subjects if isinstance(decision := decisions[one.crm_id], LinkTo)}
    partners = batch.bench.desk.fetch(batch.module.desk, [one.id for one in chosen.values()]) if chosen else {}
    taken: set[int] = set()
    joined = []
    for subject in subjects:
        if subject.crm_id not in chosen:
            continue
        choice = chosen[subject.crm_id]
        partner = partners.get(choice.id)
        if partner is None or partner.id in taken:
            batch.findings.look_again(subject)
            continue
        taken.add(partner.id)
        joined.append(_joined(batch, subject, partner, choice))
    return joined


def _joined(batch: Batch, subject: Subject, partner: SideRecord, decision: LinkTo) -> Subject:
    """With empty bases: what is filled on one side only fills the other, and where both differ the rules decide."""
    subject.link, subject.desk = _live_link(subject, partner.id), partner
    batch.findings.newly_live.append(subject.crm_id)
    batch.findings.entries.append(
        Entry(
            JournalRow.Kind.LINKED,
            batch.module.name,
            subject.crm_id,
            partner.id,
            rule=f"same {decision.field_name}",
        )
    )
    batch.findings.counts["linked"] += 1
    return subject


def _create(batch: Batch, subjects: Sequence[Subject], holders: Sequence[_Holders]) -> None:
    if not subjects:
        return
    items = [
        Ensure(batch.key_of(one.crm_id), desk_values(batch, one), tuple(_match_keys(one, holders))) for one in subjects
    ]
    outcomes = batch.bench.desk.ensure(batch.module.desk, items, batch.bench.actor)
    for subject, outcome in zip(subjects, outcomes, strict=True):
        if outcome.state == "created" and outcome.record:
            _created(batch, subject, outcome.record)
        elif outcome.state == "found" and outcome.record:
            _found_again(batch, subject, outcome.record)
        elif outcome.state == "stale":
            batch.findings.look_again(subject)
        else:
            batch.findings.fail(subject, outcome.reason)


def _match_keys(subject: Subject, holders: Sequence[_Holders]) -> list[tuple[str, Value]]:
    return [(one.key.desk, value) for one in holders if (value := subject.crm_value(one.key.crm))]


def _created(batch: Batch, subject: Subject, record: SideRecord) -> None:
    """Bases: what was read here, and what the other side says it stored."""
    link, waits_for = _live_link(subject, record.id), batch.waits_for(subject)
    left_out = {pair.desk for pair in batch.pairs if pair.refers_to} if waits_for else set()
    if subject.crm:
        link.crm_base = base_of(subject.crm, batch.pairs, side="crm", without=left_out)
        link.crm_version = subject.crm.version
    link.desk_base = base_of(record, batch.pairs, side="desk", without=left_out)
    link.desk_version, link.waits_for = record.version, waits_for
    written = {name: [None, value] for name, value in link.desk_base.items() if value is not None}
    findings = batch.findings
    findings.links.append(link)
    findings.newly_live.append(subject.crm_id)
    findings.entries.append(
        Entry(
            JournalRow.Kind.CREATED,
            batch.module.name,
            subject.crm_id,
            record.id,
            changes=written,
            rule="new in CRM",
        )
    )
    findings.settle(subject, "created")


def _found_again(batch: Batch, subject: Subject, record: SideRecord) -> None:
    """Made by an attempt that crashed before it was linked. Nobody knows what was edited since: link with empty bases, look again."""
    batch.findings.links.append(_live_link(subject, record.id))
    batch.findings.newly_live.append(subject.crm_id)
    batch.findings.look_again(subject)


def _live_link(subject: Subject, desk_id: int) -> Link:
    """A new link, or the one that was held so far."""
    now = clock.now()
    link = subject.link or Link(crm_id=subject.crm_id, made_at=now)
    link.desk_id, link.state, link.ending, link.evidence, link.agreed_at = desk_id, Link.State.LIVE, "", {}, now
    link.crm_base, link.desk_base = {}, {}
    return link
