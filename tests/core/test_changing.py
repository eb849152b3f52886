"""Many rows changed by one statement, whatever stands in them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from kakehashi.core.changing import change_rows

pytestmark = pytest.mark.django_db
AWKWARD = """say "hello" \\ back\\slash, it's 1% {a,b} 髙橋\n二行目\t😀 NULL"""
NOW = datetime(2026, 11, 27, 1, 2, 3, 456_789, tzinfo=UTC)
TYPES = {"id": "bigint", "name": "text", "values": "jsonb", "search": "tsvector", "at": "timestamptz"}


@pytest.fixture(autouse=True)
def _table() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            'CREATE TEMP TABLE thing (id bigint, name text, "values" jsonb, search tsvector, at timestamptz,'
            " version int DEFAULT 1, by_name text) ON COMMIT DROP"
        )
        cursor.execute("INSERT INTO thing (id, name) SELECT one, 'old' FROM generate_series(1, 3) AS one")


def things() -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute('SELECT id, name, "values"::text, search::text, at, version, by_name FROM thing ORDER BY id')
        return list(cursor.fetchall())


def test_each_row_gets_its_own_values_to_the_letter_and_the_others_stay() -> None:
    rows = [
        (1, AWKWARD, {"a": [AWKWARD, None, 1.5, True]}, "'tana' 'it''s'", NOW),
        (2, None, {}, "", NOW + timedelta(microseconds=1)),
    ]
    change_rows("thing", TYPES, rows, for_all={"by_name": 'O"Brien'}, also="version = version + 1")
    first, second, third = things()
    assert first[1] == AWKWARD
    with connection.cursor() as cursor:
        cursor.execute("SELECT \"values\" -> 'a' ->> 0 FROM thing WHERE id = 1")
        assert cursor.fetchone() == (AWKWARD,)
    assert first[3:] == ("'it''s' 'tana'", NOW, 2, 'O"Brien')
    assert second[1:] == (None, "{}", "", NOW + timedelta(microseconds=1), 2, 'O"Brien')
    assert third[1:] == ("old", None, None, None, 1, None)


def test_nothing_to_change_changes_nothing() -> None:
    change_rows("thing", TYPES, [])
    assert [one[1] for one in things()] == ["old"] * 3
