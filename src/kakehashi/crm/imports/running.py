"""Working an import, batch by batch. Each batch is one transaction: records, results of its rows, and the position behind them."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from django.db import connection, transaction
from django.utils.translation import gettext_noop

from kakehashi.core import clock
from kakehashi.core.actors import Actor
from kakehashi.core.attachments.storage import path_of
from kakehashi.core.events.log import Fact, write_fact
from kakehashi.crm.fields.reasons import Reason
from kakehashi.crm.fields.schema import FieldSchema
from kakehashi.crm.modules.queries import schema_of
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.records.actions import write_records
from kakehashi.crm.records.drafts import RecordDraft, RecordResult

from .matching import Candidate, find_matches, read_candidate, resolve_lookups, resolve_people
from .models import Import, ImportRow, ImportState, MatchPolicy, RowState
from .reading import Layout, Row, read_rows

BATCH_ROWS = 1_000
EMPTY_ROW = Reason(gettext_noop("This row is empty."))
IS_THERE = gettext_noop("“%(name)s” is there already.")
NOTHING_NEW = Reason(gettext_noop("The record says the same already."))
SAME_AS_ROW = gettext_noop("The same as row %(row)s of this file.")
_COPY = "COPY crm_importrow (org_id, source_id, number, state, record_id, reasons, cells) FROM STDIN"
_COUNTERS = {
    RowState.CREATED: "created_count",
    RowState.UPDATED: "updated_count",
    RowState.SKIPPED: "skipped_count",
    RowState.FAILED: "failed_count",
}


class Outcome:
    """What becomes of one row."""

    __slots__ = ("candidate", "reasons", "record_id", "state")

    def __init__(
        self, candidate: Candidate, state: RowState, reasons: Mapping[str, Reason], record_id: int | None = None
    ) -> None:
        self.candidate, self.state, self.reasons, self.record_id = candidate, state, dict(reasons), record_id


def layout_of(source: Import) -> Layout:
    return Layout(path_of(source.file.digest), source.encoding, source.delimiter)


def actor_of(source: Import) -> Actor:
    """The person who started it, with the import as origin, so that timelines can say so."""
    return Actor(source.started_by_id, source.started_by_name, f"import:{source.pk}")


def run_batches(source: Import) -> Iterator[int]:
    """Work from where the last finished batch ended; yields the rows done after each. Killed at any point, nothing is lost or twice."""
    rows = read_rows(layout_of(source), after=source.rows_done + 1)
    while batch := list(islice(rows, BATCH_ROWS)):
        with transaction.atomic():
            _work_batch(source, batch)
        yield source.rows_done


def _work_batch(source: Import, batch: Sequence[Row]) -> None:
    module = schema_of(source.org).by_id[source.module_id]
    outcomes = list(_outcomes(source, module, batch))
    _name_rows(source, outcomes)
    _store(source, outcomes)
    counts = {name: getattr(source, name) for name in _COUNTERS.values()}
    for outcome in outcomes:
        counts[_COUNTERS[outcome.state]] += 1
    for name, count in counts.items():
        setattr(source, name, count)
    source.rows_done += len(batch)
    source.save(update_fields=["rows_done", *counts])
    write_fact(Fact(source.org.tenant, "crm.import.advanced", "crm.import", source.pk), actor_of(source))


def _outcomes(source: Import, module: ModuleSchema, batch: Sequence[Row]) -> Iterator[Outcome]:
    candidates = [read_candidate(row, source.mapping, module) for row in batch]
    yield from (Outcome(one, RowState.SKIPPED, {"": EMPTY_ROW}) for one in candidates if one.is_empty)
    candidates = [one for one in candidates if not one.is_empty]
    resolve_people(candidates, module)
    schema = schema_of(source.org)
    resolve_lookups(candidates, module, schema, creates_missing=source.creates_missing, actor=actor_of(source))
    yield from _match(source, module, candidates)
    waiting = [one for one in candidates if not one.reasons]
    while waiting:  # a row that repeats one which failed gets its own chance
        first, repeated = _first_of_each(waiting)
        outcomes = list(_write(source, module, first))
        yield from outcomes
        waiting, told = _settle_repeats(source, module, repeated, outcomes)
        yield from told


def _match(source: Import, module: ModuleSchema, candidates: Sequence[Candidate]) -> Iterator[Outcome]:
    """Find what rows match; answer those that will not be written, and leave a reason on them."""
    match = _match_schema(source, module)
    if match:
        find_matches(candidates, match, module)
        _mark_rows_seen(source, candidates, match)
    for one in candidates:
        if one.record_id and not one.reasons and source.policy == MatchPolicy.SKIP:
            shown = str(one.values.get(source.match_field, ""))[:80]
            one.reasons[source.match_field] = Reason(IS_THERE, {"name": shown, "record_id": one.record_id})
            yield Outcome(one, RowState.SKIPPED, one.reasons, one.record_id)
        elif one.reasons:
            is_repeat = any(reason.text == SAME_AS_ROW for reason in one.reasons.values())
            yield Outcome(one, RowState.SKIPPED if is_repeat else RowState.FAILED, one.reasons)


def _match_schema(source: Import, module: ModuleSchema) -> FieldSchema | None:
    return None if source.policy == MatchPolicy.CREATE else module.fields.get(source.match_field)


def _mark_rows_seen(source: Import, candidates: Sequence[Candidate], match: FieldSchema) -> None:
    """A row that means a record which an earlier batch of this file wrote is not written a second time."""
    ids = [one.record_id for one in candidates if one.record_id]
    rows = dict(written_rows(source, ids))
    for one in candidates:
        if one.record_id in rows:
            one.reasons[match.api_name] = Reason(SAME_AS_ROW, {"row": rows[one.record_id]})


def written_rows(source: Import, record_ids: Iterable[int | None]) -> list[tuple[int, int]]:
    """(record, row) for records that this import has written."""
    found = ImportRow.objects.filter(source=source, record_id__in=[one for one in record_ids if one])
    return [(row.record_id, row.number) for row in found.only("record_id", "number") if row.record_id]


def _first_of_each(candidates: Sequence[Candidate]) -> tuple[list[Candidate], list[Candidate]]:
    """(the first row of each match key, the rows that repeat one)."""
    seen: set[tuple[str, str]] = set()
    first, repeated = [], []
    for one in candidates:
        if one.key is None or one.key not in seen:
            first.append(one)
        else:
            repeated.append(one)
        if one.key:
            seen.add(one.key)
    return first, repeated


def _settle_repeats(
    source: Import, module: ModuleSchema, repeated: Sequence[Candidate], outcomes: Sequence[Outcome]
) -> tuple[list[Candidate], list[Outcome]]:
    """(rows to try after all, rows that say the same as one that was written)."""
    match = _match_schema(source, module)
    if match is None or not repeated:
        return [], []
    written = {
        outcome.candidate.key: outcome.candidate.row.number for outcome in outcomes if outcome.state != RowState.FAILED
    }
    again, told = [], []
    for one in repeated:
        row = written.get(one.key)
        if row is None:
            again.append(one)
        else:
            told.append(Outcome(one, RowState.SKIPPED, {match.api_name: Reason(SAME_AS_ROW, {"row": row})}))
    return again, told


def _write(source: Import, module: ModuleSchema, candidates: Sequence[Candidate]) -> Iterator[Outcome]:
    is_updating = source.policy == MatchPolicy.UPDATE
    drafts = [RecordDraft(one.values, record_id=one.record_id if is_updating else None) for one in candidates]
    results = write_records(module, drafts=drafts, actor=actor_of(source))
    for one, result in zip(candidates, results, strict=True):
        yield _judge(one, result)


def _judge(one: Candidate, result: RecordResult) -> Outcome:
    record_id = result.record.pk if result.record else None
    if result.state == "created":
        return Outcome(one, RowState.CREATED, {}, record_id)
    if result.state == "updated":
        return Outcome(one, RowState.UPDATED, {}, record_id)
    if result.state == "unchanged":
        return Outcome(one, RowState.SKIPPED, {"": NOTHING_NEW}, record_id)
    return Outcome(one, RowState.FAILED, result.reasons)


def _name_rows(source: Import, outcomes: Iterable[Outcome]) -> None:
    """Where a value is taken by a record that this very file made, say which row made it."""
    outcomes = list(outcomes)
    rows = {outcome.record_id: outcome.candidate.row.number for outcome in outcomes if outcome.record_id}
    holders = {
        reason.details.get("record_id")
        for outcome in outcomes
        if outcome.state == RowState.FAILED
        for reason in outcome.reasons.values()
    } - {None, *rows}
    if holders:
        rows |= dict(written_rows(source, holders))
    for outcome in outcomes:
        if outcome.state != RowState.FAILED:
            continue
        for name, reason in outcome.reasons.items():
            row = rows.get(reason.details.get("record_id", 0))
            if row:
                outcome.reasons[name] = Reason(SAME_AS_ROW, {"row": row})


def _store(source: Import, outcomes: Iterable[Outcome]) -> None:
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(_COPY) as copy:
        for outcome in sorted(outcomes, key=lambda outcome: outcome.candidate.row.number):
            reasons = [[name, *reason.as_json()] for name, reason in outcome.reasons.items()]
            cells = outcome.candidate.row.cells if outcome.state == RowState.FAILED else None
            copy.write_row(
                (
                    source.org_id,
                    source.pk,
                    outcome.candidate.row.number,
                    outcome.state.value,
                    outcome.record_id,
                    json.dumps(reasons, ensure_ascii=False),
                    json.dumps([cell.replace("\x00", "") for cell in cells], ensure_ascii=False) if cells else None,
                )
            )


def finish(source: Import) -> None:
    with transaction.atomic():
        source.state, source.finished_at, source.failure = ImportState.FINISHED, clock.now(), ""
        source.save(update_fields=["state", "finished_at", "failure"])
        counts = {name: getattr(source, name) for name in _COUNTERS.values()}
        write_fact(Fact(source.org.tenant, "crm.import.finished", "crm.import", source.pk, counts), actor_of(source))
