"""The recycle bin: deleting is moving there, restoring is coming back."""

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet

from kakehashi.core import clock
from kakehashi.core.actors import Actor
from kakehashi.core.errors import InvalidValues
from kakehashi.core.events.log import Fact, write_facts
from kakehashi.crm.modules.queries import AnyModule, module_schema
from kakehashi.crm.modules.schema import ModuleSchema

from .checking import Work, check_unique
from .drafts import RecordDraft
from .models import Record
from .storing import delete_keys, insert_keys
from .writer import Writer


def delete_record(record: Record, *, actor: Actor) -> Record:
    """Into the recycle bin. What names it keeps naming it, so that a restore brings everything back."""
    delete_records(record.module, record_ids=[record.pk], actor=actor)
    record.refresh_from_db()
    return record


def restore_record(record: Record, *, actor: Actor) -> Record:
    """Back from the recycle bin. Raises `InvalidValues` when somebody else has a unique value of it by now."""
    reasons = restore_records(record.module, record_ids=[record.pk], actor=actor)
    if reasons:
        raise reasons[0]
    record.refresh_from_db()
    return record


@transaction.atomic
def delete_records(module: AnyModule, *, record_ids: Sequence[int], actor: Actor) -> list[int]:
    """Many into the recycle bin. Answers the ids that were not there already."""
    schema = module_schema(module)
    records = _locked(schema, record_ids).filter(deleted_at=None)
    found = list(records)
    Record.objects.filter(pk__in=[record.pk for record in found]).update(
        deleted_at=clock.now(), deleted_by_name=actor.name, version=F("version") + 1
    )
    delete_keys(found)
    _tell("deleted", found, schema, actor)
    return [record.pk for record in found]


def restore_records(module: AnyModule, *, record_ids: Sequence[int], actor: Actor) -> list[InvalidValues]:
    """Many back from the recycle bin; answers why some could not come back."""
    schema = module_schema(module)
    refused = [_restore(schema, record_id, actor) for record_id in record_ids]
    return [reason for reason in refused if reason]


def _restore(module: ModuleSchema, record_id: int, actor: Actor) -> InvalidValues | None:
    try:
        return _restore_if_free(module, record_id, actor)
    except IntegrityError:  # somebody took a value between our look and our writing; now it shows who
        return _restore_if_free(module, record_id, actor)


@transaction.atomic
def _restore_if_free(module: ModuleSchema, record_id: int, actor: Actor) -> InvalidValues | None:
    record = _locked(module, [record_id]).filter(deleted_at__isnull=False, gone_as="").first()
    if record is None:
        return None
    if reasons := _taken_meanwhile(record, module, actor):
        return reasons
    Record.objects.filter(pk=record.pk).update(deleted_at=None, deleted_by_name="", version=F("version") + 1)
    insert_keys([record], module)
    _tell("restored", [record], module, actor)
    return None


def _taken_meanwhile(record: Record, module: ModuleSchema, actor: Actor) -> InvalidValues | None:
    work = Work(RecordDraft(record.values), values=record.values, record_id=record.pk)
    check_unique([work], module, Writer(module.org_id, actor))
    return InvalidValues({name: reason.sentence for name, reason in work.reasons.items()}) if work.reasons else None


def _locked(module: ModuleSchema, record_ids: Sequence[int]) -> QuerySet[Record]:
    return (
        Record.objects.select_for_update()
        .defer("search")
        .filter(org_id=module.org_id, module_id=module.id, pk__in=record_ids)
        .order_by("pk")
    )


def _tell(deed: str, records: Sequence[Record], module: ModuleSchema, actor: Actor) -> None:
    write_facts(
        [
            Fact(f"org:{module.org_id}", f"crm.record.{deed}", "crm.record", record.pk, {"module": module.api_name})
            for record in records
        ],
        actor,
    )
