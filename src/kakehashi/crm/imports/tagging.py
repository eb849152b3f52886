"""Tags that a file gives to its records. They are never taken off by an import, only by taking it back."""

from collections.abc import Sequence
from dataclasses import replace

from kakehashi.core.actors import Actor
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.tags.many import missing_tags, tag_each, untag_each

from .columns import TAGS
from .deciding import Outcome
from .models import ImportRow, RowState

_WRITTEN = (RowState.UPDATED, RowState.SKIPPED)


def with_tags(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """A record that only gets a tag is updated, too; what it did not carry before stands among the changes."""
    wanted = {
        outcome.record_id: outcome.candidate.tags
        for outcome in outcomes
        if outcome.candidate.tags and outcome.record_id and outcome.state in _WRITTEN
    }
    fresh = missing_tags(wanted)
    return [_with_tags(outcome, fresh.get(outcome.record_id or 0, [])) for outcome in outcomes]


def _with_tags(outcome: Outcome, fresh: list[str]) -> Outcome:
    if not fresh:
        return outcome
    changes = {**(outcome.changes or {}), TAGS: [None, fresh]}
    return replace(outcome, state=RowState.UPDATED, reasons=outcome.candidate.remarks, changes=changes)


def put_tags(outcomes: Sequence[Outcome], module: ModuleSchema, actor: Actor) -> None:
    """On the records that were written."""
    names = {
        outcome.record_id: outcome.candidate.tags
        for outcome in outcomes
        if outcome.record_id and outcome.candidate.tags and outcome.state in (RowState.CREATED, RowState.UPDATED)
    }
    if names:
        tag_each(module, names, actor=actor)


def take_tags_off(rows: Sequence[ImportRow], module: ModuleSchema, actor: Actor) -> None:
    """Those that an import put on records which were there before."""
    names = {
        row.record_id: row.changes[TAGS][1] for row in rows if row.record_id and row.changes and TAGS in row.changes
    }
    if names:
        untag_each(module, names, actor=actor)
