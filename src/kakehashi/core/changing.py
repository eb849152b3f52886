"""Many rows changed by one statement."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection


def change_rows(
    table: str,
    types: Mapping[str, str],
    rows: Iterable[Sequence[Any]],
    *,
    for_all: Mapping[str, Any] | None = None,
    also: str = "",
) -> None:
    """Set some columns of rows that are known by their `id`.

    `types` are columns and their PostgreSQL types, `id` first, and each of `rows` holds their values in that order; `for_all` are
    columns that get the same value everywhere, `also` is more of the statement's SET. All values travel as one JSON document: arrays of
    texts cost psycopg an escape for every quotation mark within.
    """
    names = list(types)
    content = json.dumps([dict(zip(names, row, strict=True)) for row in rows], ensure_ascii=False, default=str)
    same = for_all or {}
    quoted = {name: connection.ops.quote_name(name) for name in [*names, *same]}
    sets = [f"{quoted[name]} = new.{quoted[name]}" for name in names if name != "id"]
    sets += [f"{quoted[name]} = %s" for name in same] + ([also] if also else [])
    shape = ", ".join(f"{quoted[name]} {kind}" for name, kind in types.items())
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET {', '.join(sets)} FROM json_to_recordset(%s) AS new ({shape}) WHERE {table}.id = new.id",  # noqa: S608 - our own names
            [*same.values(), content],
        )
