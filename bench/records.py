"""Writing records in bulk, beside a plain COPY of the same rows into a table of the same shape."""

from django.db import connection

from bench.harness import Row, at_least, bench, stopwatch
from bench.world import make_org
from kakehashi.crm.modules.queries import find_module
from kakehashi.crm.records.actions import write_records
from kakehashi.crm.records.drafts import RecordDraft

BATCH = 500


@bench("records", n=10_000)
def write_contacts(n: int) -> list[Row]:
    """Validation, duplicate check, keys, search tokens and an event per record; against COPY."""
    org, actor = make_org("Bulk writing")
    contacts = find_module(org, "Contacts")
    drafts = [RecordDraft(contact_values(number)) for number in range(n)]
    with stopwatch() as seconds:
        for start in range(0, n, BATCH):
            write_records(contacts, drafts=drafts[start : start + BATCH], actor=actor)
        ours = n / seconds()
    return [at_least("contacts written in bulk", n, ours, n / copy_seconds(org.pk), 4_000)]


def contact_values(number: int) -> dict[str, str]:
    return {
        "Last_Name": f"山田{number}",
        "First_Name": "花子",
        "Email": f"hanako.{number}@bench.example",
        "Phone": f"03-0000-{number % 10_000:04}",
        "Title": "課長",
        "Mailing_City": "長岡市",
        "Description": "展示会で名刺を交換しました。" * 3,
    }


def copy_seconds(org_id: int) -> float:
    """The same stored rows once more, by nothing but COPY."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE bare (LIKE crm_record INCLUDING DEFAULTS INCLUDING INDEXES)")
        with cursor.copy(f"COPY (SELECT * FROM crm_record WHERE org_id = {int(org_id)}) TO STDOUT") as copy:
            data = b"".join(bytes(block) for block in copy)
        with stopwatch() as seconds:
            with cursor.copy("COPY bare FROM STDIN") as copy:
                copy.write(data)
            taken = seconds()
        cursor.execute("DROP TABLE bare")
    return taken
