"""Rows into the database, many at a time: COPY for new ones, one UPDATE for changed ones."""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import connection

from kakehashi.core.actors import Actor
from kakehashi.core.changing import change_rows
from kakehashi.core.fields.links import ticket_ids
from kakehashi.core.search.tokens import as_tsvector
from kakehashi.crm.modules.schema import ModuleSchema

from .derived import keys_of, sort_name_of, tokens_of
from .models import Record, RecordKey, RecordLookup

_JSON = json.JSONEncoder(ensure_ascii=False)
_COPY_RECORDS = """
COPY crm_record (id, org_id, module_id, owner_id, name, sort_name, "values", version, created_at, created_by_id, created_by_name,
    modified_at, modified_by_id, modified_by_name, deleted_by_name, origin_key, search) FROM STDIN
"""
_COPY_KEYS = "COPY crm_recordkey (org_id, module_id, record_id, field, kind, value, is_unique) FROM STDIN"
_COPY_LOOKUPS = "COPY crm_recordlookup (org_id, module_id, record_id, field, target_id) FROM STDIN"
_CHANGED = {
    "id": "bigint", "owner_id": "bigint", "name": "text", "sort_name": "text", "values": "jsonb", "search": "tsvector",
}  # fmt: skip


def reserve_ids(count: int) -> list[int]:
    """Ids for records about to be stored, so that rows that point to them can go in the same breath."""
    if not count:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('crm_record', 'id')) FROM generate_series(1, %s)", [count]
        )
        return [row[0] for row in cursor.fetchall()]


def insert_records(records: Sequence[Record], module: ModuleSchema) -> None:
    if not records:
        return
    with _copying(_COPY_RECORDS) as copy:
        for record in records:
            copy.write_row(
                (
                    record.pk,
                    record.org_id,
                    record.module_id,
                    record.owner_id,
                    record.name,
                    sort_name_of(record.values, record.name, module),
                    as_json(record),
                    record.version,
                    record.created_at,
                    record.created_by_id,
                    record.created_by_name,
                    record.modified_at,
                    record.modified_by_id,
                    record.modified_by_name,
                    "",
                    record.origin_key,
                    as_tsvector(tokens_of(record.values, module)),
                )
            )
        # The database is busy with the records for a while: meanwhile the rest is made ready.
        keys, lookups = list(_key_rows(records, module)), _lookup_rows(records, module)
    _copy(_COPY_KEYS, keys)
    _copy(_COPY_LOOKUPS, lookups)


def update_records(records: Sequence[Record], module: ModuleSchema, actor: Actor, at: datetime) -> None:
    """Store changed values, with everything that follows from them. The objects get their new version and times."""
    if not records:
        return
    rows = (
        (
            record.pk,
            record.owner_id,
            record.name,
            sort_name_of(record.values, record.name, module),
            record.values,
            as_tsvector(tokens_of(record.values, module)),
        )
        for record in records
    )
    by = {"modified_at": at, "modified_by_id": actor.person_id, "modified_by_name": actor.name}
    change_rows("crm_record", _CHANGED, rows, for_all=by, also="version = version + 1")
    for record in records:
        record.version += 1
        record.modified_at, record.modified_by_id, record.modified_by_name = at, actor.person_id, actor.name
    delete_keys(records)
    RecordLookup.objects.filter(record__in=records).delete()
    insert_keys(records, module)
    insert_lookups(records, module)


def insert_keys(records: Iterable[Record], module: ModuleSchema) -> None:
    _copy(_COPY_KEYS, list(_key_rows(records, module)))


def _key_rows(records: Iterable[Record], module: ModuleSchema) -> Iterator[tuple[Any, ...]]:
    for record in records:
        for key in keys_of(record.values, record.name, module):
            yield (record.org_id, record.module_id, record.pk, *key)


def delete_keys(records: Iterable[Record]) -> None:
    RecordKey.objects.filter(record__in=records).delete()


def insert_lookups(records: Sequence[Record], module: ModuleSchema) -> None:
    _copy(_COPY_LOOKUPS, _lookup_rows(records, module))


def _lookup_rows(records: Iterable[Record], module: ModuleSchema) -> list[tuple[Any, ...]]:
    return [
        (record.org_id, record.module_id, record.pk, lookup.api_name, target)
        for record in records
        for lookup in module.links
        for target in ticket_ids(record.values.get(lookup.api_name))
    ]


def as_json(record: Record) -> str:
    return _JSON.encode(record.values)


def _copy(statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
    if rows:
        with _copying(statement) as copy:
            for row in rows:
                copy.write_row(row)


@contextmanager
def _copying(statement: str) -> Iterator[Any]:
    """COPY whose failures are Django's, like those of any other statement (`IntegrityError`)."""
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(statement) as copy:
        yield copy
