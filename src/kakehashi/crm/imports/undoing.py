"""Taking an import back: what it created goes to the recycle bin, what it changed gets its old values, as far as nobody changed it since."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Count

from kakehashi.core import clock
from kakehashi.core.actors import Actor
from kakehashi.core.errors import NotFound
from kakehashi.core.events.log import Fact, write_fact
from kakehashi.crm.modules.queries import schema_of
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.access import CrmAccess, find_access
from kakehashi.crm.records.actions import delete_records, write_records
from kakehashi.crm.records.drafts import RecordDraft
from kakehashi.crm.records.models import Record, RecordLookup
from kakehashi.crm.records.queries import deletable_records, editable_records
from kakehashi.identity.people.models import Person

from .models import Import, ImportRow, ImportState, NamedRecord, RowState, UndoState
from .running import fact_of
from .tagging import take_tags_off

BATCH_ROWS = 500
_TAKEN = (RowState.CREATED, RowState.UPDATED)


def undo_batches(import_id: int) -> Iterator[int]:
    """Last rows first, then what rows only named. Yields the rows of each batch."""
    for work in (_undo_rows, _undo_named):
        while True:
            with transaction.atomic():
                source = Import.objects.select_for_update(of=["self"]).select_related("org", "file").get(pk=import_id)
                done = work(source)
                write_fact(Fact(source.org.tenant, "crm.import.advanced", "crm.import", source.pk), _actor(source))
            if not done:
                break
            yield done
    _finish(import_id)


def undo_counts(source: Import) -> dict[str, int]:
    """What taking it back did so far, rows and named records together, by `UndoState`; "" is what is still to do."""
    rows = ImportRow.objects.filter(source=source, state__in=_TAKEN).values_list("undo").annotate(Count("pk"))
    named = NamedRecord.objects.filter(source=source).values_list("undo").annotate(Count("pk"))
    counts: dict[str, int] = {}
    for state, count in (*rows, *named):
        counts[state] = counts.get(state, 0) + count
    return counts


def _actor(source: Import) -> Actor:
    return Actor(source.undone_by_id, source.undone_by_name, f"import:{source.pk}")


def _access(source: Import) -> CrmAccess | None:
    """The rights of who takes it back, None when they have left meanwhile: then nothing more is touched."""
    try:
        return find_access(Person.objects.get(pk=source.undone_by_id or 0), source.org_id)
    except (Person.DoesNotExist, NotFound):
        return None


def _undo_rows(source: Import) -> int:
    module = schema_of(source.org).by_id[source.module_id]
    rows = list(ImportRow.objects.filter(source=source, state__in=_TAKEN, undo="").order_by("-number")[:BATCH_ROWS])
    if not rows:
        return 0
    records = _live([row.record_id or 0 for row in rows])
    created = [row for row in rows if row.state == RowState.CREATED]
    updated = [row for row in rows if row.state == RowState.UPDATED]
    _bin(source, module, created, records)
    _restore(source, module, updated, records)
    ImportRow.objects.bulk_update(rows, ["undo"])
    return len(rows)


def _live(ids: Sequence[int]) -> Mapping[int, Record]:
    records = Record.objects.select_for_update().filter(pk__in=ids, deleted_at=None).order_by("pk")
    return {record.pk: record for record in records.defer("search")}


def _bin(
    source: Import, module: ModuleSchema, rows: Sequence[ImportRow | NamedRecord], records: Mapping[int, Record]
) -> None:
    access = _access(source)
    theirs = deletable_records(access, module).filter(pk__in=list(records)) if access else Record.objects.none()
    allowed = set(theirs.values_list("pk", flat=True))
    going = []
    for row in rows:
        record = records.get(row.record_id or 0)
        if record is None:
            row.undo = UndoState.GONE
        elif record.pk in allowed and (_is_untouched(row, record) or source.undo_includes_changed):
            row.undo = UndoState.BINNED
            going.append(record.pk)
        else:
            row.undo = UndoState.KEPT
    if going:
        delete_records(module, record_ids=going, actor=_actor(source))


def _is_untouched(row: ImportRow | NamedRecord, record: Record) -> bool:
    """Nobody wrote it after the import did."""
    return record.version == (row.version if isinstance(row, ImportRow) else 1)


def _restore(source: Import, module: ModuleSchema, rows: Sequence[ImportRow], records: Mapping[int, Record]) -> None:
    access = _access(source)
    theirs = editable_records(access, module).filter(pk__in=list(records)) if access else Record.objects.none()
    allowed = set(theirs.values_list("pk", flat=True))
    drafts: list[RecordDraft] = []
    drafted: list[tuple[ImportRow, bool]] = []
    for row in rows:
        record = records.get(row.record_id or 0)
        if record is None:
            row.undo = UndoState.GONE
            continue
        if record.pk not in allowed:
            row.undo = UndoState.KEPT
            continue
        changes = {name: change for name, change in (row.changes or {}).items() if _can_return(name, module)}
        old = _old_values(changes, record, also_changed=source.undo_includes_changed)
        is_whole = len(old) == len(changes)
        drafts.append(RecordDraft(old, record_id=record.pk))
        drafted.append((row, is_whole))
    results = write_records(module, drafts=drafts, actor=_actor(source)) if drafts else []
    take_tags_off([row for row, _is_whole in drafted], module, _actor(source))
    for (row, is_whole), result in zip(drafted, results, strict=True):
        is_back = is_whole and result.state in ("updated", "unchanged")
        row.undo = UndoState.RESTORED if is_back else UndoState.KEPT


def _can_return(name: str, module: ModuleSchema) -> bool:
    """Formulas follow by themselves, and a field that was removed meanwhile is not looked for."""
    return name in module.fields and not module.fields[name].is_read_only


def _old_values(changes: Mapping[str, list[Any]], record: Record, *, also_changed: bool) -> dict[str, Any]:
    """The values to go back to: of the fields that still say what the import wrote."""
    now = {**record.values, "Owner": record.owner_id}
    return {name: old for name, (old, new) in changes.items() if now.get(name) == new or also_changed}


def _undo_named(source: Import) -> int:
    schema = schema_of(source.org)
    rows = list(NamedRecord.objects.filter(source=source, undo="").order_by("-pk")[:BATCH_ROWS])
    records = _live([row.record_id for row in rows])
    still_named = set(
        RecordLookup.objects.filter(target__in=list(records), record__deleted_at=None).values_list(
            "target_id", flat=True
        )
    )
    for module_id in {row.module_id for row in rows}:
        own = [row for row in rows if row.module_id == module_id]
        free = [row for row in own if row.record_id not in still_named or source.undo_includes_changed]
        _bin(source, schema.by_id[module_id], free, records)
        for row in own:
            row.undo = row.undo or UndoState.KEPT
    NamedRecord.objects.bulk_update(rows, ["undo"])
    return len(rows)


@transaction.atomic
def fail_undo(import_id: int, reason: str) -> None:
    """Stop half-way, with a sentence why; a person can go on (`Import.is_half_undone`)."""
    source = Import.objects.select_for_update(of=["self"]).select_related("org", "file").get(pk=import_id)
    if source.state == ImportState.UNDOING:
        source.state, source.failure = ImportState.FAILED, reason
        source.save(update_fields=["state", "failure"])
        write_fact(fact_of(source, "stopped", {}), _actor(source))


@transaction.atomic
def _finish(import_id: int) -> None:
    source = Import.objects.select_for_update(of=["self"]).select_related("org", "file").get(pk=import_id)
    if source.state == ImportState.UNDOING:
        source.state, source.undone_at, source.failure = ImportState.UNDONE, clock.now(), ""
        source.save(update_fields=["state", "undone_at", "failure"])
        counts = {state: count for state, count in undo_counts(source).items() if state}
        write_fact(fact_of(source, "undone", counts), _actor(source))
