"""Merges and un-merges in the CRM: the link moves along, the Desk's contacts and their tickets stay (design §6)."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop

from kakehashi.core import clock

from .batch import Batch
from .journal import Entry
from .links import links_of, live_ids, save_links
from .marking import Mark, mark
from .models import Link
from .outcome_models import JournalRow
from .subjects import Subject

MERGED_IN_CRM = gettext_noop("merged in CRM")
_FROM = "merged_from"


def follow(batch: Batch, subjects: Sequence[Subject]) -> None:
    """Merged in the CRM: its link ends, the Desk's record stays. A survivor that has no partner of its own takes this one over.

    The ending is committed first: a Desk record has one living link at a time. After a crash between the two the next look goes on.
    """
    for subject in subjects:
        link, survivor_id = subject.pair.link, _survivor_id(subject)
        if link.state == Link.State.LIVE:
            link.state, link.ending, link.agreed_at = Link.State.DEAD, Link.Ending.MERGED, clock.now()
            with transaction.atomic():
                save_links(batch.connection.pk, batch.module.name, [link])
            _tell(batch, subject, survivor_id)
        batch.findings.no_conflicts(link)
        _lend(batch, link, survivor_id)
        mark(batch.connection.pk, [Mark(batch.module.name, "crm", survivor_id)])
        batch.findings.settle(subject, "merged")


def return_borrowed(batch: Batch, subject: Subject) -> None:
    """A merge was taken back: whoever took this partner over gives it back, and is as they were before the merge."""
    if subject.pair.link.ending != Link.Ending.MERGED:
        return
    links = links_of(batch.connection, batch.module.name).filter(
        state=Link.State.LIVE, desk_id=subject.pair.link.desk_id
    )
    borrowed = links.filter(evidence__has_key=_FROM).first()
    if borrowed is None:
        return
    # What was last agreed with the Desk is what it holds now: only so does the returning record's own value count as a change.
    link = subject.pair.link
    link.crm_base, link.desk_base = borrowed.crm_base, borrowed.desk_base
    before: dict[str, Any] | None = borrowed.evidence.get("before")
    with transaction.atomic():
        if before is None:
            borrowed.delete()
        else:
            borrowed.state, borrowed.ending, borrowed.evidence = before["state"], before["ending"], before["evidence"]
            borrowed.desk_id, borrowed.crm_base, borrowed.desk_base = before["desk_id"], {}, {}
            save_links(batch.connection.pk, batch.module.name, [borrowed])
        if borrowed.crm_id is not None:
            mark(batch.connection.pk, [Mark(batch.module.name, "crm", borrowed.crm_id)])


def _lend(batch: Batch, link: Link, survivor_id: int) -> None:
    own = links_of(batch.connection, batch.module.name).filter(crm_id=survivor_id).first()
    is_taken = link.desk_id is None or live_ids(batch.connection, batch.module.name, "desk", [link.desk_id])
    if is_taken or (own and own.state == Link.State.LIVE):
        return
    before = own and {
        "state": own.state,
        "ending": own.ending,
        "evidence": own.evidence,
        "desk_id": own.desk_id,
    }
    lent = own or Link(crm_id=survivor_id, made_at=clock.now())
    lent.desk_id, lent.state, lent.ending, lent.agreed_at = link.desk_id, Link.State.LIVE, "", clock.now()
    lent.crm_base, lent.desk_base = link.crm_base, link.desk_base
    lent.evidence = {_FROM: link.crm_id, "before": before}
    with transaction.atomic():
        save_links(batch.connection.pk, batch.module.name, [lent])
    batch.findings.newly_live.append((survivor_id, lent.desk_id))


def _survivor_id(subject: Subject) -> int:
    if subject.crm is None or subject.crm.merged_into is None:
        raise LookupError(f"CRM record {subject.crm_id} is not merged.")
    return subject.crm.merged_into


def _tell(batch: Batch, subject: Subject, survivor_id: int) -> None:
    entry = Entry(
        JournalRow.Kind.MERGED,
        batch.module.name,
        subject.crm_id,
        subject.pair.link.desk_id,
        rule=MERGED_IN_CRM,
        changes={"": [subject.crm_id, survivor_id]},
    )
    batch.findings.entries.append(entry)
