"""Deletes and restores. They travel by tombstone only; a link that ends is kept as one (design §6, lessons C5–C8)."""

from collections.abc import Sequence

from django.db import transaction

from kakehashi.core import clock

from .batch import Batch
from .journal import Entry
from .links import live_desk_ids, save_links
from .merging import return_borrowed
from .models import JournalRow, Link
from .subjects import Subject

_REMOVING = "removing"


def part(batch: Batch, subjects: Sequence[Subject]) -> None:
    """Deleted in the CRM: into the Desk's recycle bin, unless tickets depend on it; then it stays, unlinked."""
    partners = {one.desk.id: one for one in subjects if one.desk and not one.desk.is_deleted}
    in_use = batch.bench.desk.in_use(batch.module.desk, list(partners)) if partners else frozenset()
    removable = [desk_id for desk_id in partners if desk_id not in in_use]
    if removable:
        _announce(batch, [partners[desk_id] for desk_id in removable])
        batch.bench.desk.remove(batch.module.desk, removable, batch.bench.actor)
    for subject in subjects:
        if subject.desk and subject.desk.id in in_use:
            end(batch, subject, Link.Ending.KEPT, JournalRow.Kind.PARTED, "it has tickets")
        elif subject.link and _REMOVING in subject.link.evidence:
            end(batch, subject, Link.Ending.REMOVED, JournalRow.Kind.REMOVED, "deleted in CRM")
        else:
            end(batch, subject, Link.Ending.GONE, JournalRow.Kind.PARTED, "deleted on both sides")


def _announce(batch: Batch, subjects: Sequence[Subject]) -> None:
    """Before we delete: after a crash, what we deleted must be told from what a person deleted in the Desk."""
    links = [subject.pair.link for subject in subjects]
    for link in links:
        link.evidence = {_REMOVING: True}
    with transaction.atomic():
        save_links(batch.connection.pk, batch.module.name, links)


def recall(batch: Batch, subjects: Sequence[Subject]) -> None:
    """Deleted in the CRM before it was ever linked. An attempt that crashed may have made a partner all the same: link it, so that
    the next look parts them.
    """
    keys = [batch.key_of(subject.crm_id) for subject in subjects]
    made = batch.bench.desk.find_keys(batch.module.desk, keys) if keys else {}
    now = clock.now()
    for subject, key in zip(subjects, keys, strict=True):
        if key in made:
            link = Link(crm_id=subject.crm_id, desk_id=made[key], made_at=now, agreed_at=now)
            batch.findings.links.append(link)
            batch.findings.look_again(subject)
        else:
            batch.findings.settle(subject)


def note_gone(batch: Batch, subjects: Sequence[Subject]) -> None:
    """Deleted in the Desk: one-way, the CRM keeps its record, and the Desk's does not come back by itself."""
    for subject in subjects:
        end(batch, subject, Link.Ending.GONE, JournalRow.Kind.PARTED, "deleted in Desk")


def unhold(batch: Batch, subjects: Sequence[Subject]) -> None:
    """A record that waited for a person was deleted: there is no pair to remember."""
    for subject in subjects:
        if subject.link:
            batch.findings.dropped.append(subject.link)
        batch.findings.settle(subject)


def end(batch: Batch, subject: Subject, ending: Link.Ending, kind: JournalRow.Kind, rule: str) -> None:
    link = subject.link or Link(crm_id=subject.crm_id)
    link.state, link.ending, link.agreed_at = Link.State.DEAD, ending, clock.now()
    batch.findings.links.append(link)
    batch.findings.entries.append(Entry(kind, batch.module.name, subject.crm_id, link.desk_id, rule=rule))
    batch.findings.settle(subject, "ended")


def revive(batch: Batch, subjects: Sequence[Subject]) -> None:
    """Restored where it had been deleted: the partner comes out of the recycle bin, the link lives again, the next look compares."""
    for subject in subjects:
        return_borrowed(batch, subject)
    taken = live_desk_ids(batch.connection, batch.module.name, [one.desk.id for one in subjects if one.desk])
    binned = [one.desk.id for one in subjects if one.desk and one.desk.is_deleted]
    if binned:
        batch.bench.desk.restore(batch.module.desk, binned, batch.bench.actor)
    for subject in subjects:
        link, findings = subject.pair.link, batch.findings
        if link.desk_id in taken:
            link.state, link.desk_id = Link.State.HELD, None
            link.evidence = {"reason": "candidate_is_linked", "field": "", "candidates": sorted(taken)}
            findings.settle(subject, "held")
        else:
            link.state, link.ending, link.evidence = Link.State.LIVE, "", {}
            findings.newly_live.append(subject.crm_id)
            findings.entries.append(
                Entry(JournalRow.Kind.RESTORED, batch.module.name, subject.crm_id, link.desk_id, rule="restored")
            )
            findings.look_again(subject)
        link.agreed_at = clock.now()
        findings.links.append(link)
