"""How soon an edit is on the other side, in both directions, while fifty a second are made."""

import threading
import time
from dataclasses import dataclass, field

from django.db import connection

from bench.harness import Row, at_most, bench, milliseconds_of, percentile
from bench.sync_world import CONTACTS, Joined, world_of
from bench.workers import workers
from kakehashi.bridge.sync.models import Link
from kakehashi.crm.records.actions import update_record
from kakehashi.crm.records.models import Record
from kakehashi.desk.customers.actions import update_contact
from kakehashi.desk.customers.models import Contact

EDITS_A_SECOND = 50
PEOPLE = 1_000
_PATIENCE_SECONDS = 20.0


@dataclass
class Watch:
    """Edits on their way, and how many milliseconds those that arrived needed. Two threads use it, each in its own fields."""

    waiting: dict[str, tuple[str, int, float]] = field(default_factory=dict)  # typed value: side it goes to, id, when
    taken: dict[str, list[float]] = field(default_factory=lambda: {"crm": [], "desk": []})
    stopped: threading.Event = field(default_factory=threading.Event)

    def look(self) -> None:
        """Until stopped: whatever has arrived is taken down."""
        try:
            while not self.stopped.is_set():
                for side in ("crm", "desk"):
                    self._look_at(side)
                time.sleep(0.002)
        finally:
            connection.close()

    def _look_at(self, side: str) -> None:
        ids = [record_id for there, record_id, _at in list(self.waiting.values()) if there == side]
        if not ids:
            return
        if side == "desk":
            found = Contact.objects.filter(pk__in=ids).values_list("mobile", flat=True)
        else:
            found = Record.objects.filter(pk__in=ids).values_list("values__Mobile", flat=True)
        for value in list(found):
            if value in self.waiting and self.waiting[value][0] == side:
                self.taken[side].append((time.perf_counter() - self.waiting.pop(value)[2]) * 1_000)


@bench("sync-live", n=1_500)
def live(n: int) -> list[Row]:
    """Every second edit is made in the Desk. From the commit of an edit to the moment another connection reads it on the other side."""
    joined = world_of("Live", PEOPLE, is_two_way=True)
    watch = Watch()
    watcher = threading.Thread(target=watch.look)
    watcher.start()
    try:
        with workers(1):
            edit(joined, watch, n)
            end = time.monotonic() + _PATIENCE_SECONDS
            while watch.waiting and time.monotonic() < end:
                time.sleep(0.01)
    finally:
        watch.stopped.set()
        watcher.join()
    assert not watch.waiting, f"{len(watch.waiting)} edits never arrived"
    contact = Contact.objects.filter(portal=joined.portal).first()
    bare = milliseconds_of(lambda: bare_edit(contact), times=200)
    return [row for side in ("desk", "crm") for row in rows_of(side, sorted(watch.taken[side]), bare)]


def rows_of(side: str, taken: list[float], bare: list[float]) -> list[Row]:
    way = "CRM to Desk" if side == "desk" else "Desk to CRM"
    return [
        at_most(
            f"live edit, {way}, p{share * 100:.0f}", len(taken), percentile(taken, share), percentile(bare, share), goal
        )
        for share, goal in ((0.5, 100), (0.99, 500))
    ]


def edit(joined: Joined, watch: Watch, n: int) -> None:
    """At their times, whether or not the earlier ones have arrived; nobody is edited twice before they have."""
    links = Link.objects.filter(connection=joined.connection, module=CONTACTS.lower())
    pairs = list(links.values_list("crm_id", "desk_id"))
    begun = time.perf_counter()
    for number in range(n):
        wait = begun + number / EDITS_A_SECOND - time.perf_counter()
        if wait > 0:
            time.sleep(wait)
        crm_id, desk_id = pairs[number % len(pairs)]
        value = f"03-{number // 10_000:04}-{number % 10_000:04}"
        if number % 2:
            update_contact(Contact.objects.get(pk=desk_id), values={"mobile": value}, actor=joined.actor)
            watch.waiting[value] = ("crm", crm_id, time.perf_counter())
        else:
            update_record(Record.objects.get(pk=crm_id), values={"Mobile": value}, actor=joined.actor)
            watch.waiting[value] = ("desk", desk_id, time.perf_counter())


def bare_edit(contact: Contact | None) -> None:
    """The least that any sync must do: one committed update and one read."""
    assert contact
    Contact.objects.filter(pk=contact.pk).update(description="bare")
    Contact.objects.filter(pk=contact.pk, description="bare").exists()
