"""How fast this machine is, beside the one on which the reference points of the goals were taken: 100,000 contacts of twelve columns and a
JSON document into a table with a unique address and two indexes, once by the database alone and once by Django.

A figure in milliseconds or rows a second says something about the product only together with these two: the ratio is how many times slower
this machine is for what PostgreSQL does, and for what Python does. It is asked before every other measurement, since the same machine is not
always as fast; "would hold" goes by the smaller of the two.
"""

import json
from collections.abc import Iterator
from statistics import median

from django.db import connection, models, transaction

from bench.harness import Row, bench, stopwatch

BY_COPY, BY_DJANGO = 86_200, 10_800  # rows a second there, medians of three
TURNS = 3
FEW = 20_000  # rows that tell it quickly
_TEXTS = ("first_name", "last_name", "email", "phone", "mobile", "title", "street", "city", "state", "code", "country")


class Bare(models.Model):
    """Shaped as the reference's table."""

    id = models.BigIntegerField(primary_key=True)
    first_name = models.TextField()
    last_name = models.TextField()
    email = models.TextField(unique=True)
    phone = models.TextField()
    mobile = models.TextField()
    title = models.TextField()
    street = models.TextField()
    city = models.TextField()
    state = models.TextField()
    code = models.TextField()
    country = models.TextField()
    more = models.JSONField()

    class Meta:
        app_label = "bench"
        db_table = "bench_bare"
        indexes = (
            models.Index(fields=["last_name"], name="bare_by_name"),
            models.Index(fields=["city"], name="bare_by_city"),
        )


@bench("machine", n=100_000)
def machine(n: int) -> list[Row]:
    with connection.schema_editor() as editor:
        editor.create_model(Bare)
    try:
        copied, created = [], []
        for _turn in range(TURNS):
            copied.append(n / seconds_by_copy(n))
            created.append(n / seconds_by_django(n))
    finally:
        with connection.schema_editor() as editor:
            editor.delete_model(Bare)
    return [
        Row("this machine, COPY and merge", n, median(copied), "rows/s", BY_COPY, "–"),
        Row("this machine, Django's bulk_create", n, median(created), "rows/s", BY_DJANGO, "–"),
    ]


def times_slower() -> float:
    """Than the machine of the goals, by what this one is less slow at; never less than 1."""
    return max(1.0, min(row.ratio or 1.0 for row in machine(FEW)))


def seconds_by_copy(n: int) -> float:
    with transaction.atomic(), connection.cursor() as cursor, stopwatch() as seconds:
        cursor.execute("CREATE TEMP TABLE arrived (LIKE bench_bare INCLUDING DEFAULTS) ON COMMIT DROP")
        with cursor.copy("COPY arrived FROM STDIN") as copy:
            for number, texts in rows(n):
                copy.write_row((number, *texts, json.dumps({"number": number})))
        cursor.execute(
            "INSERT INTO bench_bare SELECT * FROM arrived ON CONFLICT (email) DO UPDATE SET more = EXCLUDED.more"
        )
        taken = seconds()
        cursor.execute("TRUNCATE bench_bare")
    return taken


def seconds_by_django(n: int) -> float:
    with stopwatch() as seconds:
        with transaction.atomic():
            made = [
                Bare(id=number, more={"number": number}, **dict(zip(_TEXTS, texts, strict=True)))
                for number, texts in rows(n)
            ]
            Bare.objects.bulk_create(
                made, batch_size=1_000, update_conflicts=True, unique_fields=["email"], update_fields=["more"]
            )
        taken = seconds()
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE bench_bare")
    return taken


def rows(n: int) -> Iterator[tuple[int, list[str]]]:
    for number in range(n):
        yield number, [f"{name} {number}" for name in _TEXTS]
