"""A spreadsheet of contacts, in Shift_JIS, from its bytes to the last row's result, beside a plain COPY of the stored rows."""

import resource
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.files import File

from bench.harness import Row, at_least, at_most, bench, cpu_stopwatch, stopwatch
from bench.records import copy_seconds
from bench.world import make_org
from kakehashi.crm.imports.actions import check_import, choices_of, start_import, upload_file
from kakehashi.crm.imports.jobs import run_import
from kakehashi.crm.imports.models import Import
from kakehashi.crm.modules.queries import schema_of

HEADING = "会社名,姓,名,メールアドレス,電話番号,部署,役職,郵便番号,住所"


@bench("import", n=100_000)
def import_contacts(n: int) -> list[Row]:
    """Encoding, columns, accounts by name (made where missing), match by e-mail, validation, duplicates, search tokens, row results.

    A tenth of the rows goes first, in an org of its own: what memory the rest takes beyond that must not grow with the file.
    """
    _rows, before = import_file("Import of a tenth", max(1, n // 10))
    rows, peak = import_file("Import", n)
    return [*rows, at_most("memory beyond that of a tenth of the rows", n, peak - before, before, 30, "MB")]


def import_file(name: str, n: int) -> tuple[list[Row], float]:
    """The figures, and the most memory until the import ended: the bare COPY afterwards holds all rows at once."""
    org, actor = make_org(name)
    contacts = schema_of(org)["Contacts"]
    with spreadsheet(n) as file:
        source = upload_file(org, module=contacts, file=file, actor=actor)
    with stopwatch() as seconds, cpu_stopwatch() as cpu:
        check_import(source, module=contacts, choices=choices_of(source), actor=actor)
        run_import(import_id=source.pk)
        checked, checked_cpu = n / seconds(), n / cpu()
    with stopwatch() as seconds, cpu_stopwatch() as cpu:
        start_import(source, actor=actor)
        run_import(import_id=source.pk)
        ours, ours_cpu = n / seconds(), n / cpu()
    done = Import.objects.get(pk=source.pk)
    if done.created_count != n:
        raise RuntimeError(f"{done.created_count} of {n} rows were created")
    peak, bare = peak_megabytes(), n / copy_seconds(org.pk)
    rows = [
        at_least("CSV rows read and checked (dry run)", n, checked, bare, 4_000),
        at_least("the same per second of our CPU time", n, checked_cpu, bare, 4_000),
        at_least("CSV rows imported", n, ours, bare, 4_000),
        at_least("rows imported per second of our CPU time", n, ours_cpu, bare, 4_000),
    ]
    return rows, peak


@contextmanager
def spreadsheet(n: int) -> Iterator[File[bytes]]:
    """Written line by line: what holds the whole file at once must not be ourselves."""
    with tempfile.TemporaryFile() as written:
        written.write(f"{HEADING}\r\n".encode("cp932"))
        for number in range(n):
            written.write(f"{line(number)}\r\n".encode("cp932"))
        written.seek(0)
        yield File(written, name="名簿.csv")


def peak_megabytes() -> float:
    """The most memory that this process has held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def line(number: int) -> str:
    return (
        f"月見坂食品{number % 500},山田{number},花子,hanako.{number}@import.example,03-0000-{number % 10_000:04},"
        f"品質管理部,課長,940-{number % 10_000:04},新潟県長岡市月見町{number}"
    )
