"""Bringing records up to what their module's fields say now, batch by batch; run again, it changes nothing twice."""

from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet

from kakehashi.core.actors import SYSTEM
from kakehashi.core.changing import change_rows
from kakehashi.core.fields.links import ticket_ids
from kakehashi.core.fields.numbers import AutonumberKind
from kakehashi.core.fields.types import FieldType
from kakehashi.core.search.tokens import as_tsvector
from kakehashi.crm.modules.actions import bump_schema
from kakehashi.crm.modules.models import Field, Module
from kakehashi.crm.modules.queries import current_schema
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.records.actions import write_records
from kakehashi.crm.records.derived import fill_formulas, tokens_of
from kakehashi.crm.records.drafts import RecordDraft
from kakehashi.crm.records.models import Record, RecordLookup
from kakehashi.crm.records.storing import delete_keys, insert_keys, insert_lookups

from .locking import locked_org

_AT_ONCE = 500
_RENEWED = {"id": "bigint", "values": "jsonb", "search": "tsvector"}


def renew_all(module: Module) -> None:
    """Also what lies in the recycle bin, so that it comes back as it should be. A formula with another result is a change like any
    other, with an event; keys, lookups and search words are nobody's business.
    """
    for ids in _batches(module.pk):
        with transaction.atomic():
            schema = current_schema(module.org_id).by_id[module.pk]
            rows = Record.objects.select_for_update().defer("search").filter(pk__in=ids).order_by("pk")
            live = [record for record in rows if record.deleted_at is None]
            if schema.formulas:
                write_records(schema, drafts=[RecordDraft({}, record_id=record.pk) for record in live], actor=SYSTEM)
            _renew(list(Record.objects.defer("search").filter(pk__in=ids).order_by("pk")), module)


def _renew(records: list[Record], module: Module) -> None:
    schema = current_schema(module.org_id).by_id[module.pk]
    _forget_erased(records, schema)
    for record in records:
        fill_formulas(record.values, schema)
    rows = ((record.pk, record.values, as_tsvector(tokens_of(record.values, schema))) for record in records)
    change_rows("crm_record", _RENEWED, rows)
    delete_keys(records)
    insert_keys([record for record in records if record.deleted_at is None], schema)
    RecordLookup.objects.filter(record__in=records).delete()
    insert_lookups(records, schema)


def _forget_erased(records: list[Record], schema: ModuleSchema) -> None:
    """What names a record that was erased for good meanwhile names nothing any more."""
    named = {
        one for record in records for field in schema.links for one in ticket_ids(record.values.get(field.api_name))
    }
    there = set(Record.objects.filter(pk__in=named).values_list("pk", flat=True))
    for record in records:
        for field in schema.links:
            value = record.values.get(field.api_name)
            kept = [one for one in ticket_ids(value) if one in there]
            if isinstance(value, list):
                record.values[field.api_name] = kept
            elif value and not kept:
                record.values.pop(field.api_name)


def number_existing(field: Field) -> None:
    for ids in _batches(field.module_id):
        with transaction.atomic():
            schema = current_schema(field.org_id).by_id[field.module_id]
            if field.api_name not in schema.fields:
                return
            rows = Record.objects.select_for_update().defer("search").filter(pk__in=ids).order_by("pk")
            nameless = [record for record in rows if field.api_name not in record.values]
            _give_numbers(nameless, field, schema)


def _give_numbers(records: list[Record], field: Field, schema: ModuleSchema) -> None:
    if not records:
        return
    Field.objects.filter(pk=field.pk).update(next_number=F("next_number") + len(records))
    first = Field.objects.values_list("next_number", flat=True).get(pk=field.pk) - len(records)
    for number, record in enumerate(records, start=first):
        record.values[field.api_name] = AutonumberKind().number(number, schema.fields[field.api_name])
    _renew(records, field.module)


def replace_choices(field: Field) -> None:
    replaced = {entry["value"]: entry["replaced_by"] for entry in _choices(field) if "replaced_by" in entry}
    for old, new in replaced.items():
        for records in _holding(field, old):
            drafts = [
                RecordDraft(
                    {field.api_name: _with_choice(record.values[field.api_name], old, new)}, record_id=record.pk
                )
                for record in records
            ]
            write_records(field.module, drafts=drafts, actor=SYSTEM)
    with transaction.atomic():
        org = locked_org(field.org_id)
        fresh = Field.objects.get(pk=field.pk)
        gone = [value for value in replaced if not _in_use(fresh, value)]
        fresh.options = {**fresh.options, "choices": [one for one in _choices(fresh) if one["value"] not in gone]}
        fresh.save(update_fields=["options"])
        bump_schema(org)


def _with_choice(value: Any, old: str, new: str) -> Any:
    if isinstance(value, list):
        return list(dict.fromkeys(new if one == old else one for one in value if one != old or new))
    return new or None


def _choices(field: Field) -> list[dict[str, Any]]:
    return list(field.options.get("choices", []))


def _holding(field: Field, value: str) -> Iterator[list[Record]]:
    """Live records with a choice, until there are none; what cannot be written is passed over."""
    after = 0
    while True:
        rows = records_with_choice(field, value).filter(pk__gt=after, deleted_at=None).defer("search")
        found = list(rows.order_by("pk")[:_AT_ONCE])
        if not found:
            return
        after = found[-1].pk
        yield found


def records_with_choice(field: Field, value: str) -> QuerySet[Record]:
    """Also those in the recycle bin."""
    held: Any = [value] if field.type == FieldType.MULTIPICKLIST else value
    return Record.objects.filter(module_id=field.module_id, values__contains={field.api_name: held})


def _in_use(field: Field, value: str) -> bool:
    return records_with_choice(field, value).exists()


def _batches(module_id: int) -> Iterator[list[int]]:
    after = 0
    while True:
        rows = Record.objects.filter(module_id=module_id, pk__gt=after).order_by("pk")
        ids = list(rows.values_list("pk", flat=True)[:_AT_ONCE])
        if not ids:
            return
        after = ids[-1]
        yield ids
