"""The sync under load, by worker processes as people run them: 1, 2 and 4 of them for the first sync and the backlog.

One connection is worked by one worker at a time; more of them must not make it slower, and each takes over when another dies.
"""

from django.db import connection

from bench.harness import Row, at_least, at_most, bench, stopwatch
from bench.sync_world import CONTACTS, Joined, fill, join, until_quiet, world_of
from bench.workers import Workers, workers
from bench.world import make_org
from kakehashi.bridge.connection.actions import pause, resume
from kakehashi.bridge.sync.models import Dirty, Link, Run
from kakehashi.bridge.sync.runs import start_run
from kakehashi.core import clock
from kakehashi.core.events.loop import run_until_idle
from kakehashi.core.events.models import Cursor
from kakehashi.crm.records.actions import write_records
from kakehashi.crm.records.drafts import RecordDraft
from kakehashi.crm.records.models import Record
from kakehashi.desk.customers.models import Contact
from kakehashi.desk.portals.models import Portal

COUNTS = (1, 2, 4)
SUBSCRIBER = "bridge.sync"


@bench("sync-first", n=100_000)
def first_sync(n: int) -> list[Row]:
    """Contacts with a tenth as many accounts, one way: linked and journalled; against COPY and merge of the rows that it made."""
    rows = []
    for count in COUNTS:
        rows += run_first_sync(n, count, is_two_way=False)
    return rows


@bench("sync-both-ways", n=100_000)
def first_sync_both_ways(n: int) -> list[Row]:
    """The same, both ways, where half of them are in the Desk already."""
    return run_first_sync(n, 1, is_two_way=True)


@bench("sync-backlog", n=20_000)
def backlog(n: int) -> list[Row]:
    """Changed while the log was not read; from the moment it is, until both sides are in step and nothing is left to look at."""
    joined = world_of("Backlog", n)
    rows = []
    for count in COUNTS:
        with workers(count):
            until_quiet(joined)
            hold(joined)
            change_all(joined, f"課長{count}")
            with stopwatch() as seconds:
                go_on(joined)
                until_quiet(joined)
                rate = n / seconds()
        arrived = Contact.objects.filter(portal=joined.portal, title=f"課長{count}").count()
        assert arrived == n, f"{n - arrived} edits did not arrive"
        rows.append(at_least(f"backlog of edits, {named(count)}", n, rate, None, 3_000, "edits/s"))
    return rows


@bench("sync-compare", n=100_000)
def compare(n: int) -> list[Row]:
    """Looking at every pair, where nothing differs."""
    joined = world_of("Compare", n)
    run_until_idle()
    links = Link.objects.filter(connection=joined.connection).count()
    with workers(1) as at_work:
        run = start_run(joined.connection, Run.Kind.COMPARE)
        with stopwatch() as seconds:
            at_work.until(lambda: Run.objects.get(pk=run.pk).finished_at is not None)
            rate = links / seconds()
    return [Row("comparison of pairs, none differs", links, rate, "pairs/s", None, "–")]


def run_first_sync(n: int, count: int, *, is_two_way: bool) -> list[Row]:
    name = f"First sync {'both ways' if is_two_way else f'by {count}'}"
    org, actor = make_org(name)
    fill(org, actor, n)
    run_until_idle()  # the log's subscribers have read all this long before anybody connects the org
    with workers(count) as at_work:
        joined = join(org, actor, is_two_way=is_two_way, known=n // 2 if is_two_way else 0)
        rate, grown = follow(joined, at_work, n + n // 10)
    portal = joined.portal
    assert Contact.objects.filter(portal=portal).count() == n, "the sync did not bring everybody, or somebody twice"
    assert not Dirty.objects.filter(connection=joined.connection).exists()
    bare = (n + n // 10) / merge_seconds(portal)
    how = "both ways" if is_two_way else named(count)
    return [
        at_least(f"first sync, {how}", n + n // 10, rate, bare, 10_000, "records/s"),
        at_most(f"memory beyond that at a quarter, {how}", n, grown, None, 30, "MB"),
    ]


def named(count: int) -> str:
    return f"{count} worker{'s' if count > 1 else ''}"


def follow(joined: Joined, at_work: Workers, total: int) -> tuple[float, float]:
    """Records a second of the whole run, and by how many MB the workers' largest grew after its first quarter."""
    run = Run.objects.get(connection=joined.connection)
    at_quarter = 0.0

    def is_done() -> bool:
        nonlocal at_quarter
        run.refresh_from_db()
        seen = sum(one["seen"] for one in run.progress.values())
        if not at_quarter and seen >= total / 4:
            at_quarter = at_work.megabytes()
        return run.finished_at is not None

    at_work.until(is_done)
    assert run.finished_at
    return total / (run.finished_at - run.started_at).total_seconds(), at_work.megabytes() - at_quarter


def hold(joined: Joined) -> None:
    """Neither read the log nor carry anything across."""
    pause(joined.connection, actor=joined.actor)
    Cursor.objects.filter(name=SUBSCRIBER).update(paused_at=clock.now())


def go_on(joined: Joined) -> None:
    """The notice of the second one wakes the workers."""
    Cursor.objects.filter(name=SUBSCRIBER).update(paused_at=None)
    resume(joined.connection, actor=joined.actor)


def change_all(joined: Joined, title: str) -> None:
    ids = list(Record.objects.filter(org=joined.org, module__api_name=CONTACTS).values_list("pk", flat=True))
    for start in range(0, len(ids), 500):
        drafts = [RecordDraft({"Title": title}, record_id=one) for one in ids[start : start + 500]]
        write_records(joined.contacts, drafts=drafts, actor=joined.actor)


def merge_seconds(portal: Portal) -> float:
    """The contacts and accounts that the sync made, once more, by nothing but COPY and one merge into tables of the same shape."""
    taken = 0.0
    with connection.cursor() as cursor:
        for table in ("desk_account", "desk_contact"):
            cursor.execute(f"CREATE TEMP TABLE bare (LIKE {table} INCLUDING DEFAULTS INCLUDING INDEXES)")
            cursor.execute(f"CREATE TEMP TABLE arrived (LIKE {table} INCLUDING DEFAULTS)")
            with cursor.copy(f"COPY (SELECT * FROM {table} WHERE portal_id = {int(portal.pk)}) TO STDOUT") as copy:
                data = b"".join(bytes(block) for block in copy)
            with stopwatch() as seconds:
                with cursor.copy("COPY arrived FROM STDIN") as copy:
                    copy.write(data)
                cursor.execute(
                    "INSERT INTO bare SELECT * FROM arrived ON CONFLICT (id) DO UPDATE SET version = EXCLUDED.version"
                )
                taken += seconds()
            cursor.execute("DROP TABLE bare, arrived")
    return taken
