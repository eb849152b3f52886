"""Changes of records. All of them go through `write_records`, one or ten thousand at a time."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet

from kakehashi.core import clock
from kakehashi.core.actors import Actor
from kakehashi.core.errors import InvalidValues, NotFound, StaleVersion
from kakehashi.core.events.log import Fact, write_facts
from kakehashi.core.fields.numbers import AutonumberKind
from kakehashi.core.fields.types import FieldType
from kakehashi.crm.modules.queries import AnyModule, current_schema, module_schema
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.identity.people.models import Person

from .bin import delete_record, delete_records, restore_record, restore_records
from .checking import Work, check_links, check_origins, check_unique, clean_draft
from .defaults import defaults_of
from .derived import fill_formulas, name_of
from .drafts import RecordDraft, RecordResult
from .hierarchy import check_hierarchy
from .models import Record
from .storing import insert_records, reserve_ids, update_records
from .writer import Writer

__all__ = [
    "check_records",
    "create_record",
    "delete_record",
    "delete_records",
    "restore_record",
    "restore_records",
    "update_record",
    "write_records",
]

_TRIES = 4


def create_record(
    module: AnyModule, *, values: Mapping[str, Any], actor: Actor, owner: Person | None = None, origin_key: str = ""
) -> Record:
    """A new record; its owner is the actor unless said. Raises `InvalidValues`."""
    draft = RecordDraft(values, owner_id=owner.pk if owner else None, origin_key=origin_key)
    return _record_of(write_records(module, drafts=[draft], actor=actor)[0])


def update_record(record: Record, *, values: Mapping[str, Any], actor: Actor, version: int | None = None) -> Record:
    """Change the given fields. Nothing is written, and no event, if nothing changes. Raises `InvalidValues`, `StaleVersion`
    when the record is not at `version` any more, `NotFound` when it was deleted meanwhile.
    """
    draft = RecordDraft(values, record_id=record.pk, version=version)
    return _record_of(write_records(record.module, drafts=[draft], actor=actor)[0])


def write_records(module: AnyModule, *, drafts: Sequence[RecordDraft], actor: Actor) -> list[RecordResult]:
    """Create and update many records in one transaction, each judged by itself; results in the order of the drafts.

    Two writers that want one unique value at the same moment: the database lets the first one through, the other starts again and
    is told whose the value is.
    """
    schema = module_schema(module)
    for attempt in range(1, _TRIES + 1):
        try:
            with transaction.atomic():
                return _write(schema, drafts, actor)
        except IntegrityError:
            if attempt == _TRIES:
                raise
    raise AssertionError


def check_records(module: AnyModule, *, drafts: Sequence[RecordDraft], actor: Actor) -> list[RecordResult]:
    """What `write_records` would answer now. Nothing is written, numbered or locked; the record of a new one is None."""
    schema = module_schema(module)
    wanted = [draft.record_id for draft in drafts if draft.record_id]
    before = _live(schema, wanted).in_bulk() if wanted else {}
    works = [_work(draft, before, draft.record_id or -number) for number, draft in enumerate(drafts, start=1)]
    _check(works, schema, actor)
    for work in works:
        if work.is_open and work.before:
            fill_formulas(work.values, schema)
            work.changes = _changes(work, work.before)
            work.state = "updated" if work.changes else "unchanged"
        elif work.is_open:
            work.state = "created"
    return [_result(work) for work in works]


def _write(module: ModuleSchema, drafts: Sequence[RecordDraft], actor: Actor) -> list[RecordResult]:
    module = current_schema(module.org_id).by_id[module.id]
    works = _begin(module, drafts)
    _check(works, module, actor)
    _store_new([work for work in works if work.is_open and work.before is None], module, actor)
    _store_changed([work for work in works if work.is_open and work.before is not None], module, actor)
    return [_result(work) for work in works]


def _check(works: Sequence[Work], module: ModuleSchema, actor: Actor) -> None:
    defaults = defaults_of(module, person_id=actor.person_id)
    writer = Writer(module.org_id, actor)
    for work in works:
        if work.is_open:
            clean_draft(work, module, defaults, writer)
    check_links(works, module)
    check_hierarchy(works, module)
    check_origins(works, module)
    check_unique(works, module, writer)


def _begin(module: ModuleSchema, drafts: Sequence[RecordDraft]) -> list[Work]:
    """Give new records their ids; read and lock the others, in one order so that two writers cannot block each other."""
    wanted = [draft.record_id for draft in drafts if draft.record_id]
    locked = _live(module, wanted).select_for_update().order_by("pk") if wanted else ()
    before = {record.pk: record for record in locked}
    fresh = iter(reserve_ids(sum(1 for draft in drafts if not draft.record_id)))
    return [_work(draft, before, draft.record_id or next(fresh)) for draft in drafts]


def _live(module: ModuleSchema, ids: Sequence[int]) -> QuerySet[Record]:
    records = Record.objects.filter(org_id=module.org_id, module_id=module.id, pk__among=ids, deleted_at=None)
    return records.defer("search")


def _work(draft: RecordDraft, before: Mapping[int, Record], record_id: int) -> Work:
    work = Work(draft, before.get(record_id), record_id=record_id)
    if draft.record_id and work.before is None:
        work.state = "missing"
    elif work.before and draft.version is not None and draft.version != work.before.version:
        work.state = "stale"
    return work


def _store_new(works: Sequence[Work], module: ModuleSchema, actor: Actor) -> None:
    if not works:
        return
    _number(works, module)
    for work in works:
        fill_formulas(work.values, module)
    at = clock.now()
    records = [_new_record(work, module, actor, at) for work in works]
    insert_records(records, module)
    _tell("created", [(record, {}) for record in records], module, actor)
    for work, record in zip(works, records, strict=True):
        work.before, work.state = record, "created"


def _new_record(work: Work, module: ModuleSchema, actor: Actor, at: Any) -> Record:
    return Record(
        id=work.record_id,
        org_id=module.org_id,
        module_id=module.id,
        owner_id=work.owner_id or (None if "Owner" in work.cleaned else actor.person_id),
        name=name_of(work.values, module),
        values=work.values,
        version=1,
        created_at=at,
        created_by_id=actor.person_id,
        created_by_name=actor.name,
        modified_at=at,
        modified_by_id=actor.person_id,
        modified_by_name=actor.name,
        origin_key=work.draft.origin_key,
    )


def _store_changed(works: Sequence[Work], module: ModuleSchema, actor: Actor) -> None:
    changed: list[tuple[Record, dict[str, Any]]] = []
    for work in works:
        record = work.before
        if record is None:
            continue
        fill_formulas(work.values, module)
        changes = work.changes = _changes(work, record)
        work.state = "updated" if changes else "unchanged"
        if changes:
            record.values, record.owner_id = work.values, work.owner_id
            record.name = name_of(work.values, module)
            changed.append((record, {"changes": changes}))
    update_records([record for record, _data in changed], module, actor, clock.now())
    _tell("updated", changed, module, actor)


def _changes(work: Work, record: Record) -> dict[str, list[Any]]:
    names = [*dict.fromkeys([*record.values, *work.values])]
    changes = {
        name: [record.values.get(name), work.values.get(name)]
        for name in names
        if record.values.get(name) != work.values.get(name)
    }
    if record.owner_id != work.owner_id:
        changes["Owner"] = [record.owner_id, work.owner_id]
    return changes


def _number(works: Sequence[Work], module: ModuleSchema) -> None:
    """Give out numbers without gaps: whoever comes second waits for the first one's transaction."""
    for field in module.fields_of(FieldType.AUTONUMBER):
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE crm_field SET next_number = next_number + %s WHERE id = %s RETURNING next_number - %s",
                [len(works), field.id, len(works)],
            )
            first = int(cursor.fetchone()[0])
        for count, work in enumerate(works, start=first):
            work.values[field.api_name] = AutonumberKind().number(count, field)


def _tell(deed: str, records: Sequence[tuple[Record, Mapping[str, Any]]], module: ModuleSchema, actor: Actor) -> None:
    write_facts(
        [
            Fact(
                f"org:{module.org_id}",
                f"crm.record.{deed}",
                "crm.record",
                record.pk,
                {"module": module.api_name, **data},
            )
            for record, data in records
        ],
        actor,
    )


def _result(work: Work) -> RecordResult:
    return RecordResult(work.state or "unchanged", work.before, work.reasons, work.changes)


def _record_of(result: RecordResult) -> Record:
    if result.state == "refused":
        raise InvalidValues(result.sentences)
    if result.state == "stale":
        raise StaleVersion
    if result.record is None:
        raise NotFound
    return result.record
