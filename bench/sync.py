"""The first sync, and how soon an edit in the CRM is in the Desk."""

import threading
import time

from django.db import connection

from bench.harness import Row, at_least, at_most, bench, milliseconds_of, percentile, stopwatch
from bench.records import BATCH, contact_values
from bench.world import make_org
from kakehashi.bridge.connection.actions import connect
from kakehashi.core.actors import Actor
from kakehashi.core.events.loop import run_forever, run_until_idle
from kakehashi.crm.modules.queries import find_module
from kakehashi.crm.orgs.models import Org
from kakehashi.crm.records.actions import update_record, write_records
from kakehashi.crm.records.drafts import RecordDraft
from kakehashi.crm.records.models import Record
from kakehashi.desk.customers.models import Contact
from kakehashi.desk.portals.actions import create_portal
from kakehashi.desk.portals.models import Portal
from kakehashi.identity.people.models import Person


@bench("first-sync", n=10_000)
def first_sync(n: int) -> list[Row]:
    """Contacts with a tenth as many accounts, linked and journalled; against COPY of the rows that it made."""
    org, actor = make_org("First sync")
    fill(org, actor, n)
    run_until_idle()  # the log's subscribers have read all this long before anybody connects the org
    portal = join(org, actor)
    with stopwatch() as seconds:
        run_until_idle()
        ours = (n + n // 10) / seconds()
    assert Contact.objects.filter(portal=portal).count() == n, "the sync did not bring everything"
    return [at_least("first sync, contacts and accounts", n + n // 10, ours, n / copy_seconds(portal), 3_000)]


@bench("propagation", n=200)
def propagation(n: int) -> list[Row]:
    """From the commit of an edit to the moment another connection reads it in the Desk, while the worker's loop runs."""
    org, actor = make_org("Propagation")
    fill(org, actor, 20)
    portal = join(org, actor)
    run_until_idle()
    record = Record.objects.filter(org=org, values__Email="hanako.1@bench.example").get()
    contact = Contact.objects.get(portal=portal, email="hanako.1@bench.example")
    stopped = threading.Event()
    worker = threading.Thread(target=run_forever, args=[stopped])
    worker.start()
    time.sleep(0.5)
    try:
        measured = sorted(edit_and_wait(record, contact, number, actor) for number in range(n))
    finally:
        stopped.set()
        worker.join()
    bare = milliseconds_of(lambda: bare_edit(contact), times=n)
    return [
        at_most("edit in the CRM seen in the Desk, p50", n, percentile(measured, 0.5), percentile(bare, 0.5), 100),
        at_most("edit in the CRM seen in the Desk, p99", n, percentile(measured, 0.99), percentile(bare, 0.99), 500),
    ]


def fill(org: Org, actor: Actor, n: int) -> None:
    accounts = write_records(
        find_module(org, "Accounts"),
        drafts=[RecordDraft({"Account_Name": f"月見坂食品{number}"}) for number in range(max(1, n // 10))],
        actor=actor,
    )
    ids = [result.record.pk for result in accounts if result.record]
    drafts = [RecordDraft({**contact_values(number), "Account_Name": ids[number % len(ids)]}) for number in range(n)]
    for start in range(0, n, BATCH):
        write_records(find_module(org, "Contacts"), drafts=drafts[start : start + BATCH], actor=actor)


def join(org: Org, actor: Actor) -> Portal:
    portal = create_portal(name=f"{org.name} support", administrator=Person.objects.get(pk=actor.person_id))
    connect(org_id=org.pk, portal_id=portal.pk, modules=["accounts", "contacts"], actor=actor)
    return portal


def edit_and_wait(record: Record, contact: Contact, number: int, actor: Actor) -> float:
    """Milliseconds until the Desk's row says what was typed."""
    phone = f"03-0000-{number:04}"
    update_record(Record.objects.get(pk=record.pk), values={"Mobile": phone}, actor=actor)
    with stopwatch() as seconds:
        while not Contact.objects.filter(pk=contact.pk, mobile=phone).exists():
            time.sleep(0.001)
            assert seconds() < 10, "the edit never arrived"
        return seconds() * 1000


def bare_edit(contact: Contact) -> None:
    """The least that any sync must do: one committed update and one read."""
    Contact.objects.filter(pk=contact.pk).update(description="bare")
    Contact.objects.filter(pk=contact.pk, description="bare").exists()


def copy_seconds(portal: Portal) -> float:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE bare (LIKE desk_contact INCLUDING DEFAULTS INCLUDING INDEXES)")
        with cursor.copy(f"COPY (SELECT * FROM desk_contact WHERE portal_id = {int(portal.pk)}) TO STDOUT") as copy:
            data = b"".join(bytes(block) for block in copy)
        with stopwatch() as seconds:
            with cursor.copy("COPY bare FROM STDIN") as copy:
                copy.write(data)
            taken = seconds()
        cursor.execute("DROP TABLE bare")
    return taken
