"""Deletes and restores. They travel by tombstone only; a link that ends is kept as one (design §6, lessons C5–C8)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_noop

from kakehashi.bridge.sides.records import OTHER, SideName, side_named
from kakehashi.core import clock

from .batch import Batch
from .journal import Entry
from .links import live_ids, save_links
from .merging import return_borrowed
from .models import Link
from .outcome_models import JournalRow
from .setting_models import DeleteRule
from .subjects import Subject

DELETED_IN_CRM = gettext_noop("deleted in CRM")
DELETED_IN_DESK = gettext_noop("deleted in Desk")
DELETED_ON_BOTH = gettext_noop("deleted on both sides")
HAS_TICKETS = gettext_noop("it has tickets")
IS_NAMED = gettext_noop("other records name it")
IS_KEPT = gettext_noop("deletions are not carried across")
RESTORED = gettext_noop("restored")
_REMOVING = "removing"


@dataclass(frozen=True, slots=True)
class _Way:
    """A deletion on one side (`source`) on its way to the other, and how a link ends by it."""

    source: SideName
    removed: Link.Ending
    kept: Link.Ending
    why: str
    in_use: str


_WAYS: Mapping[SideName, _Way] = {
    "crm": _Way("crm", Link.Ending.REMOVED, Link.Ending.KEPT, DELETED_IN_CRM, HAS_TICKETS),
    "desk": _Way("desk", Link.Ending.REMOVED_CRM, Link.Ending.KEPT_CRM, DELETED_IN_DESK, IS_NAMED),
}


def part(batch: Batch, subjects: Sequence[Subject], source: SideName = "crm") -> None:
    """Deleted on one side: into the other's recycle bin, unless others depend on it there; then it stays, unlinked."""
    subjects = _finish_interrupted(batch, subjects)
    way, target = _WAYS[source], OTHER[source]
    there = {record.id: one for one in subjects if (record := one.record(target)) and not record.is_deleted}
    in_use = batch.bench.side(target).in_use(batch.module.name_on(target), list(there)) if there else frozenset()
    follows = batch.bench.settings(batch.module).delete_rule == DeleteRule.FOLLOW
    removable = [one for one in there if one not in in_use] if follows else []
    if removable:
        _announce(batch, [there[one] for one in removable], source)
        batch.bench.side(target).remove(batch.module.name_on(target), removable, batch.bench.actor)
    for subject in subjects:
        record = subject.record(target)
        if record and record.id in removable:
            end(batch, subject, way.removed, JournalRow.Kind.REMOVED, way.why, side=target)
        elif record and record.id in there:
            end(batch, subject, way.kept, JournalRow.Kind.PARTED, way.in_use if follows else IS_KEPT, side=target)
        else:
            end(batch, subject, Link.Ending.GONE, JournalRow.Kind.PARTED, DELETED_ON_BOTH, side=target)


def _finish_interrupted(batch: Batch, subjects: Sequence[Subject]) -> list[Subject]:
    """After a crash, what we deleted must be told from what a person deleted. Answers the others.

    Where the record that was deleted first is back meanwhile, the next look finds a tombstone that wakes.
    """
    rest = []
    for subject in subjects:
        source = subject.link.evidence.get(_REMOVING) if subject.link else None
        if source is None:
            rest.append(subject)
            continue
        way = _WAYS[side_named(source)]
        origin, ours = subject.record(way.source), subject.record(OTHER[way.source])
        if ours is not None and not ours.is_deleted:  # announced, and not done
            subject.pair.link.evidence = {}
            if origin is not None and not origin.is_deleted:
                batch.findings.links.append(subject.pair.link)
                batch.findings.look_again(subject)
            else:
                rest.append(subject)
            continue
        is_back = origin is not None and not origin.is_deleted
        target = OTHER[way.source]
        end(batch, subject, way.removed, JournalRow.Kind.REMOVED, way.why, side=target, again=is_back)
    return rest


def _announce(batch: Batch, subjects: Sequence[Subject], source: SideName) -> None:
    """Before we delete, and committed."""
    links = [subject.pair.link for subject in subjects]
    for link in links:
        link.evidence = {_REMOVING: source}
    with transaction.atomic():
        save_links(batch.connection.pk, batch.module.name, links)


def recall(batch: Batch, subjects: Sequence[Subject]) -> None:
    """Deleted before it was ever linked. An attempt that crashed may have made a partner all the same: link it, so that
    the next look parts them.
    """
    for home in ("crm", "desk"):
        own = [subject for subject in subjects if subject.home == home]
        if own:
            _recall(batch, own, OTHER[own[0].home])


def _recall(batch: Batch, subjects: Sequence[Subject], away: SideName) -> None:
    keys = [batch.key_of(subject) for subject in subjects]
    made = batch.bench.side(away).find_keys(batch.module.name_on(away), keys)
    now = clock.now()
    for subject, key in zip(subjects, keys, strict=True):
        if key in made:
            ids = {f"{subject.home}_id": subject.home_id, f"{away}_id": made[key]}
            batch.findings.links.append(Link(made_at=now, agreed_at=now, **ids))
            batch.findings.look_again(subject)
        else:
            batch.findings.settle(subject)


def note_gone(batch: Batch, subjects: Sequence[Subject]) -> None:
    """Deleted in the Desk. One-way, the CRM keeps its record, and the Desk's does not come back by itself; both ways, it follows."""
    rest = _finish_interrupted(batch, subjects)
    if batch.is_two_way:
        part(batch, [one for one in rest if one.desk], "desk")
        rest = [one for one in rest if not one.desk]
    for subject in rest:
        end(batch, subject, Link.Ending.GONE, JournalRow.Kind.PARTED, DELETED_IN_DESK)


def unhold(batch: Batch, subjects: Sequence[Subject]) -> None:
    """A record that waited for a person was deleted: there is no pair to remember."""
    for subject in subjects:
        if subject.link:
            batch.findings.dropped.append(subject.link)
        batch.findings.settle(subject)


def end(
    batch: Batch,
    subject: Subject,
    ending: Link.Ending,
    kind: JournalRow.Kind,
    rule: str,
    *,
    side: SideName = "desk",
    again: bool = False,
) -> None:
    link = subject.link or Link(crm_id=subject.crm_id, desk_id=subject.desk_id)
    link.state, link.ending, link.evidence, link.agreed_at = Link.State.DEAD, ending, {}, clock.now()
    batch.findings.links.append(link)
    batch.findings.no_conflicts(link)
    batch.findings.entries.append(Entry(kind, batch.module.name, subject.crm_id, link.desk_id, side=side, rule=rule))
    if again:
        batch.findings.look_again(subject)
    else:
        batch.findings.settle(subject, "ended")


def revive(batch: Batch, subjects: Sequence[Subject]) -> None:
    """Restored where it had been deleted: the partner comes out of the recycle bin, the link lives again, the next look compares."""
    for subject in subjects:
        return_borrowed(batch, subject)
    taken = live_ids(batch.connection, batch.module.name, "desk", [one.pair.desk.id for one in subjects])
    refused: dict[int, object] = {}
    for side in ("crm", "desk"):
        refused |= _restore(batch, subjects, side)
    for subject in subjects:
        link, findings = subject.pair.link, batch.findings
        if id(subject) in refused:
            findings.fail(subject, str(refused[id(subject)]))
            continue
        if link.desk_id in taken:
            link.state, link.desk_id = Link.State.HELD, None
            link.evidence = {"reason": "candidate_is_linked", "field": "", "candidates": sorted(taken)}
            findings.settle(subject, "held")
        else:
            link.state, link.ending, link.evidence = Link.State.LIVE, "", {}
            findings.now_live(subject)
            findings.entries.append(
                Entry(JournalRow.Kind.RESTORED, batch.module.name, subject.crm_id, link.desk_id, rule=RESTORED)
            )
            findings.look_again(subject)
        link.agreed_at = clock.now()
        findings.links.append(link)


def _restore(batch: Batch, subjects: Sequence[Subject], side: SideName) -> dict[int, object]:
    """Out of this side's recycle bin; answers why, for those that do not come (somebody has their unique value now)."""
    binned = [one for one in subjects if one.pair.record(side).is_deleted]
    if not binned:
        return {}
    ids = [one.pair.record(side).id for one in binned]
    outcomes = batch.bench.side(side).restore(batch.module.name_on(side), ids, batch.bench.actor)
    return {
        id(one): outcome.reason for one, outcome in zip(binned, outcomes, strict=True) if outcome.state == "refused"
    }
