"""Merges and un-merges in the Desk: the link moves to the survivor, and back. A merge is no deletion: nothing is deleted in the CRM for it."""

from collections.abc import Collection, Sequence

from django.utils.translation import gettext_noop

from kakehashi.core import clock

from .batch import Batch
from .journal import Entry
from .links import links_of_lonely, live_ids
from .marking import Mark, mark
from .models import Link
from .outcome_models import JournalRow
from .subjects import FORMER, Subject

MERGED_IN_DESK = gettext_noop("merged in Desk")
UNMERGED_IN_DESK = gettext_noop("merge taken back in Desk")


def follow_in_desk(batch: Batch, subjects: Sequence[Subject]) -> None:
    """A survivor that goes with no CRM record yet goes with this one from now on; else the link ends, until the merge is taken back."""
    wanted = [survivor for one in subjects if (survivor := _survivor_id(one)) is not None]
    taken = set(live_ids(batch.connection, batch.module.name, "desk", wanted)) if wanted else set()
    for subject in subjects:
        survivor_id = _survivor_id(subject)
        if survivor_id is None or survivor_id in taken:
            _end(batch, subject, survivor_id)
            continue
        taken.add(survivor_id)
        _repoint(batch, subject, survivor_id, {FORMER: subject.desk_id}, MERGED_IN_DESK)


def move_back(batch: Batch, subjects: Sequence[Subject]) -> None:
    """The Desk record that it went with before is back, and nobody else has taken it meanwhile."""
    formers = [one.former.id for one in subjects if one.former]
    taken: Collection[int] = live_ids(batch.connection, batch.module.name, "desk", formers) if formers else ()
    for subject in subjects:
        survivor_id, former = subject.desk_id, subject.former
        if former is None or former.id in taken:
            subject.pair.link.evidence = {}
            batch.findings.links.append(subject.pair.link)
            batch.findings.look_again(subject)
            continue
        _repoint(batch, subject, former.id, {}, UNMERGED_IN_DESK)
        if survivor_id is not None and batch.is_two_way:
            mark(batch.connection.pk, [Mark(batch.module.name, "desk", survivor_id)])


def _repoint(batch: Batch, subject: Subject, desk_id: int, evidence: dict[str, int | None], rule: str) -> None:
    """With empty bases: what is filled on one side only fills the other, and where both differ the rules decide."""
    link = subject.link
    if link is None:
        raise LookupError("Only a link moves.")
    was = link.desk_id
    link.desk_id, link.evidence, link.agreed_at = desk_id, evidence, clock.now()
    link.crm_base, link.desk_base = {}, {}
    batch.findings.dropped += links_of_lonely(batch.connection, batch.module.name, [desk_id]).values()
    batch.findings.links.append(link)
    changes = {"": [was, desk_id]}
    batch.findings.entries.append(
        Entry(
            JournalRow.Kind.MERGED, batch.module.name, subject.crm_id, desk_id, side="desk", rule=rule, changes=changes
        )
    )
    batch.findings.look_again(subject)


def _end(batch: Batch, subject: Subject, survivor_id: int | None) -> None:
    link = subject.link
    if link is None:
        raise LookupError("Only a link ends.")
    link.state, link.ending, link.evidence, link.agreed_at = Link.State.DEAD, Link.Ending.GONE, {}, clock.now()
    batch.findings.links.append(link)
    batch.findings.no_conflicts(link)
    changes = {"": [link.desk_id, survivor_id]}
    batch.findings.entries.append(
        Entry(
            JournalRow.Kind.MERGED,
            batch.module.name,
            subject.crm_id,
            link.desk_id,
            side="desk",
            rule=MERGED_IN_DESK,
            changes=changes,
        )
    )
    batch.findings.settle(subject, "ended")


def _survivor_id(subject: Subject) -> int | None:
    return subject.desk.merged_into if subject.desk else None
