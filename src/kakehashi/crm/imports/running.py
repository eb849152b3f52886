"""Working an import, batch by batch. Each batch is one transaction: records, results of its rows, and the position behind them."""

import json
from collections import Counter
from collections.abc import Container, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from django.db import connection, transaction

from kakehashi.core import clock
from kakehashi.core.actors import Actor
from kakehashi.core.attachments.storage import path_of
from kakehashi.core.commits import commit_without_waiting
from kakehashi.core.errors import NotFound
from kakehashi.core.events.log import Fact, write_fact
from kakehashi.core.planner import analyze, is_milestone
from kakehashi.crm.modules.queries import schema_of
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.access import CrmAccess, find_access
from kakehashi.crm.records.models import Record, RecordKey
from kakehashi.identity.people.models import Person

from .choices import may_add_choices
from .columns import ADD, REFUSE, Column, columns_from_json, targets
from .deciding import Outcome, Writer, decide, keys_of_row
from .matching import keep_keys
from .models import Import, ImportRow, ImportState, RowKey, RowState
from .reading import Layout, Row, data_rows
from .writers import DatabaseWriter, DryWriter

BATCH_ROWS = 1_000
SAMPLES_PER_STATE = 200  # of a dry run, that one can read what will happen
COUNTERS = {
    RowState.CREATED: "created_count",
    RowState.UPDATED: "updated_count",
    RowState.SKIPPED: "skipped_count",
    RowState.AMBIGUOUS: "ambiguous_count",
    RowState.FAILED: "failed_count",
}
_WORKING = (ImportState.CHECKING, ImportState.RUNNING)
_KEPT_CELLS = (RowState.FAILED, RowState.AMBIGUOUS, RowState.SKIPPED)
_COPY_ROWS = (
    "COPY crm_importrow (org_id, source_id, number, state, record_id, reasons, cells, version, changes) FROM STDIN"
)
_JSON = json.JSONEncoder(ensure_ascii=False)


def layout_of(source: Import) -> Layout:
    return Layout(path_of(source.file.digest), source.encoding, source.delimiter, source.has_heading)


def actor_of(source: Import) -> Actor:
    """The person who started it, with the import as origin, so that timelines can say so."""
    return Actor(source.started_by_id, source.started_by_name, f"import:{source.pk}")


def run_batches(import_id: int) -> Iterator[int]:
    """Work from where the last finished batch ended; yields the rows done after each. Killed at any point, nothing is lost or twice.

    Stops when somebody stopped the import meanwhile.
    """
    source = _find(import_id)
    rows = data_rows(layout_of(source), after=source.rows_done)
    while batch := list(islice(rows, BATCH_ROWS)):
        with transaction.atomic():
            commit_without_waiting()
            source = _find_locked(import_id)
            if source.state not in _WORKING:
                return
            before = source.rows_done
            _work_batch(source, batch)
        if is_milestone(before, source.rows_done):
            _look_again()
        yield source.rows_done
    _finish(import_id)


def _look_again() -> None:
    """What the queries of a batch choose their way by. The planner knows nothing yet of rows that came a moment ago."""
    analyze(Record, "id", "org_id", "module_id", "deleted_at")
    analyze(RecordKey, "org_id", "module_id", "record_id", "field", "kind", "value", "is_unique")
    analyze(RowKey, "source_id", "digest")


def _find(import_id: int) -> Import:
    return Import.objects.select_related("org", "file").get(pk=import_id)


def _find_locked(import_id: int) -> Import:
    return Import.objects.select_for_update(of=["self"]).select_related("org", "file").get(pk=import_id)


def _work_batch(source: Import, batch: Sequence[Row]) -> None:
    access = access_of(source)
    outcomes = decide(source, _columns_of(source, access), batch, _writer_of(source, access), access)
    _store(source, outcomes)
    counts = Counter(outcome.state for outcome in outcomes)
    for state, name in COUNTERS.items():
        setattr(source, name, getattr(source, name) + counts[state])
    source.rows_done += len(batch)
    source.save(update_fields=["rows_done", "named_count", *COUNTERS.values()])
    if source.state == ImportState.RUNNING:
        write_fact(Fact(source.org.tenant, "crm.import.advanced", "crm.import", source.pk), actor_of(source))


def _columns_of(source: Import, access: CrmAccess) -> list[Column]:
    """What was chosen, without what this person may not do (any more): fill the field, add choices to it."""
    module = access.schema.by_id[source.module_id]
    offered = {*targets(module), ""}
    return [_allowed(column, offered, module, access) for column in columns_from_json(source.columns)]


def _allowed(column: Column, offered: Container[str], module: ModuleSchema, access: CrmAccess) -> Column:
    if column.field not in offered:
        return replace(column, field="")
    field = module.fields.get(column.field)
    if column.missing == ADD and not (field and may_add_choices(field, module, access)):
        return replace(column, missing=REFUSE)
    return column


def access_of(source: Import) -> CrmAccess:
    """The rights of the person who started it, as they are now. Raises `NotFound` when they have left."""
    person = Person.objects.filter(pk=source.started_by_id or 0).first()
    if person is None:
        raise NotFound
    access = find_access(person, source.org_id)
    if source.module_id not in access.schema.by_id:
        raise NotFound
    return access


def _writer_of(source: Import, access: CrmAccess) -> Writer:
    module = schema_of(source.org).by_id[source.module_id]
    if source.state == ImportState.CHECKING:
        return DryWriter(source, module, actor_of(source))
    return DatabaseWriter(source, module, access, actor_of(source))


def _store(source: Import, outcomes: Sequence[Outcome]) -> None:
    shown = outcomes if source.state == ImportState.RUNNING else _samples(source, outcomes)
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(_COPY_ROWS) as copy:
        for outcome in shown:
            copy.write_row(_row(source, outcome))
    keep_keys(source, ((digest, one.candidate.row.number) for one in outcomes for digest in keys_of_row(one)))


def _samples(source: Import, outcomes: Sequence[Outcome]) -> list[Outcome]:
    wanted = {state: SAMPLES_PER_STATE - getattr(source, name) for state, name in COUNTERS.items()}
    kept = []
    for outcome in outcomes:
        if wanted[outcome.state] > 0:
            wanted[outcome.state] -= 1
            kept.append(outcome)
    return kept


def _row(source: Import, outcome: Outcome) -> tuple[object, ...]:
    reasons = [[name, *reason.as_json()] for name, reason in outcome.reasons.items()]
    keeps_cells = outcome.state in _KEPT_CELLS or source.state == ImportState.CHECKING
    cells = [cell.replace("\x00", "") for cell in outcome.candidate.row.cells] if keeps_cells else None
    return (
        source.org_id,
        source.pk,
        outcome.candidate.row.number,
        outcome.state.value,
        outcome.record_id,
        _json(reasons) if reasons else "[]",
        _json(cells) if cells is not None else None,
        outcome.version,
        _json(outcome.changes) if outcome.changes else None,
    )


def _json(value: object) -> str:
    return _JSON.encode(value).replace("\\u0000", "")


@transaction.atomic
def _finish(import_id: int) -> None:
    source = _find_locked(import_id)
    if source.state == ImportState.CHECKING:
        source.state = ImportState.CHECKED
        source.expected = {**counts_of(source), "named": source.named_count}
        source.save(update_fields=["state", "expected"])
    elif source.state == ImportState.RUNNING:
        source.state, source.finished_at, source.failure = ImportState.FINISHED, clock.now(), ""
        source.save(update_fields=["state", "finished_at", "failure"])
        RowKey.objects.filter(source=source).delete()
        write_fact(fact_of(source, "finished", counts_of(source)), actor_of(source))


@transaction.atomic
def fail(import_id: int, reason: str) -> None:
    """Stop, with a sentence why; a person can go on. A dry run goes back to the columns: what was not checked must not be written."""
    source = _find_locked(import_id)
    if source.state == ImportState.CHECKING:
        forget_rows(source)
        source.state, source.failure = ImportState.MAPPING, reason
        source.save()
    elif source.state == ImportState.RUNNING:
        source.state, source.failure, source.finished_at = ImportState.FAILED, reason, clock.now()
        source.save(update_fields=["state", "failure", "finished_at"])
        write_fact(fact_of(source, "finished", counts_of(source)), actor_of(source))


def counts_of(source: Import) -> dict[str, int]:
    return {name.removesuffix("_count"): getattr(source, name) for name in COUNTERS.values()}


def fact_of(source: Import, deed: str, data: dict[str, int]) -> Fact:
    """An event of an import carries what a log of settings and imports shows: the file and the counts."""
    module = schema_of(source.org).by_id[source.module_id].api_name
    return Fact(
        source.org.tenant,
        f"crm.import.{deed}",
        "crm.import",
        source.pk,
        {"file": source.file.name, "module": module, "rows": source.rows_total, **data},
    )


def forget_rows(source: Import) -> None:
    """Before a new dry run or run: nothing is left of the one before."""
    ImportRow.objects.filter(source=source).delete()
    RowKey.objects.filter(source=source).delete()
    source.rows_done = source.named_count = 0
    for name in COUNTERS.values():
        setattr(source, name, 0)
