"""Moving what names a record over to another one: the lookups of all modules, also of what lies in the recycle bin."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F

from kakehashi.core import clock
from kakehashi.core.actors import Actor
from kakehashi.core.events.log import Fact, write_facts
from kakehashi.crm.modules.schema import ModuleSchema, Schema

from .models import Record, RecordLookup
from .storing import insert_lookups, update_records

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Repointed:
    """A field that named another record: what stood in it, and what stands in it now."""

    record_id: int
    field: str
    was: Any
    now: Any


def repoint(
    schema: Schema, *, from_ids: Collection[int], to_id: int, except_ids: Collection[int], actor: Actor
) -> list[Repointed]:
    """Whatever names one of `from_ids` names `to_id` now, but for the records of `except_ids`. Inside a transaction."""
    rows = RecordLookup.objects.filter(org_id=schema.org_id, target_id__in=from_ids).exclude(record_id__in=except_ids)
    by_module: dict[int, dict[int, list[str]]] = {}
    for module_id, record_id, field in (
        rows.values_list("module_id", "record_id", "field").order_by("record_id").distinct()
    ):
        by_module.setdefault(module_id, {}).setdefault(record_id, []).append(field)
    done: list[Repointed] = []
    for module_id, fields in by_module.items():
        for records in _locked(module_id, fields):
            changes = [
                Repointed(record.pk, field, was := record.values.get(field), _renamed(was, from_ids, to_id))
                for record in records
                for field in fields[record.pk]
            ]
            _store(schema.by_id[module_id], records, changes, actor)
            done += changes
    return done


def give_back(schema: Schema, moved: Sequence[Repointed], *, actor: Actor) -> list[Repointed]:
    """Undo `repoint` where nobody changed the field since. Answers those that stay as they are."""
    wanted: dict[int, list[Repointed]] = {}
    for entry in moved:
        wanted.setdefault(entry.record_id, []).append(entry)
    modules = dict(Record.objects.filter(org_id=schema.org_id, pk__in=wanted).values_list("pk", "module_id"))
    kept = [entry for entry in moved if entry.record_id not in modules]
    for module_id in sorted(set(modules.values())):
        ids = [record_id for record_id, of in modules.items() if of == module_id]
        for records in _locked(module_id, ids):
            entries = [(record, entry) for record in records for entry in wanted[record.pk]]
            changed_since = [entry for record, entry in entries if record.values.get(entry.field) != entry.now]
            changes = [
                Repointed(entry.record_id, entry.field, entry.now, entry.was)
                for _record, entry in entries
                if entry not in changed_since
            ]
            _store(schema.by_id[module_id], records, changes, actor)
            kept += changed_since
    return kept


def _locked(module_id: int, ids: Iterable[int]) -> Iterator[list[Record]]:
    ordered = sorted(ids)
    for start in range(0, len(ordered), _AT_ONCE):
        some = ordered[start : start + _AT_ONCE]
        records = Record.objects.select_for_update().defer("search").filter(module_id=module_id, pk__in=some)
        yield list(records.order_by("pk"))


def _renamed(value: Any, from_ids: Collection[int], to_id: int) -> Any:
    if isinstance(value, list):
        return list(dict.fromkeys(to_id if one in from_ids else one for one in value))
    return to_id


def _store(module: ModuleSchema, records: Sequence[Record], changes: Sequence[Repointed], actor: Actor) -> None:
    by_record: dict[int, dict[str, list[Any]]] = {}
    for change in changes:
        by_record.setdefault(change.record_id, {})[change.field] = [change.was, change.now]
    changed = [record for record in records if record.pk in by_record]
    for record in changed:
        record.values |= {field: pair[1] for field, pair in by_record[record.pk].items()}
    live = [record for record in changed if record.deleted_at is None]
    update_records(live, module, actor, clock.now())
    _store_away([record for record in changed if record.deleted_at], module)
    _tell(live, by_record, module, actor)


def _store_away(records: Sequence[Record], module: ModuleSchema) -> None:
    """What is in the recycle bin has no keys, and nobody is told; but when it comes back it must name who is there."""
    if not records:
        return
    for record in records:
        Record.objects.filter(pk=record.pk).update(values=record.values, version=F("version") + 1)
    RecordLookup.objects.filter(record__in=records).delete()
    insert_lookups(records, module)


def _tell(records: Sequence[Record], changes: Mapping[int, Any], module: ModuleSchema, actor: Actor) -> None:
    write_facts(
        [
            Fact(
                f"org:{module.org_id}",
                "crm.record.updated",
                "crm.record",
                record.pk,
                {"module": module.api_name, "changes": changes[record.pk]},
            )
            for record in records
        ],
        actor,
    )
