"""Which records of a side get a partner on the other. Asked of records that have none: a pair that exists stays in step, whatever its fields
come to say, for what was one customer base must not drift apart (docs/decisions/0020).

A record that is left out is remembered as such, so that it is counted and explained; each later look asks again. Somebody on the other
side who is the same may still find it: a scope never makes a second one of anybody.
"""

from collections.abc import Collection, Sequence

from django.utils.translation import gettext_noop

from kakehashi.bridge.sides.records import SideName
from kakehashi.core import clock
from kakehashi.core.filters.definition import Filter

from .batch import Batch
from .models import Link
from .subjects import Subject

LEFT_OUT = gettext_noop("outside of the records that are synced")


def leave_out(batch: Batch, subjects: Sequence[Subject], home: SideName) -> list[Subject]:
    """Of subjects without a partner, all of one home. Answers those that are to get one; what a person decided goes before any scope."""
    asked = batch.bench.settings(batch.module).scope(home)
    in_question = [one for one in subjects if not _is_decided(one)] if asked else []
    if not in_question:
        return list(subjects)
    ids = {one.home_id for one in in_question}
    left_out = ids - _fitting(batch, asked, ids, home)
    for subject in in_question:
        if subject.home_id in left_out:
            _remember(batch, subject)
    return [one for one in subjects if one.home_id not in left_out]


def _fitting(batch: Batch, asked: Filter, ids: Collection[int], home: SideName) -> frozenset[int]:
    """None while a condition cannot be asked any more: without it the scope would let through what nobody wanted."""
    side, module = batch.bench.side(home), batch.module.name_on(home)
    return frozenset() if side.filter_problems(module, asked) else side.fitting(module, asked, ids)


def _is_decided(subject: Subject) -> bool:
    return bool(subject.link and subject.link.evidence.get("chosen"))


def _remember(batch: Batch, subject: Subject) -> None:
    batch.findings.settle(subject)
    link = subject.link
    if link and link.state == Link.State.OUTSIDE:
        batch.findings.not_news(subject)
        return
    if link is None:
        link = subject.link = lonely_link(subject)
    link.state, link.evidence, link.agreed_at = Link.State.OUTSIDE, {}, clock.now()
    batch.findings.links.append(link)


def lonely_link(subject: Subject) -> Link:
    """What is remembered of a record without a partner."""
    now = clock.now()
    return Link(crm_id=subject.crm_id, desk_id=subject.desk_id, made_at=now, agreed_at=now)
