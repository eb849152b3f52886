"""What a look comes to, gathered, then saved in one transaction: bases, journal, and last of all the dirty rows (design §6)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import connection as database
from django.db import transaction
from django.db.models import F

from kakehashi.core import clock
from kakehashi.core.errors import Text

from .journal import Entry, write_journal
from .links import links_of, save_links
from .mapping import BY_NAME, REFERRED_TO, ModulePair
from .marking import Mark, mark
from .models import Dirty, Link
from .subjects import DirtyRow, Subject
from .workbench import Workbench

_LONGEST_WAIT = timedelta(hours=6)
_QUICK_TRIES = 5


@dataclass
class Findings:
    """Filled by the steps of one batch."""

    links: list[Link] = field(default_factory=list)
    dropped: list[Link] = field(default_factory=list)
    newly_live: list[int] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    finished: list[DirtyRow] = field(default_factory=list)
    again: list[DirtyRow] = field(default_factory=list)
    failed: list[tuple[DirtyRow, Text]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def settle(self, subject: Subject, count: str = "") -> None:
        """Nothing more to do for this one."""
        self.finished.extend(subject.rows)
        if count:
            self.counts[count] += 1

    def look_again(self, subject: Subject) -> None:
        """It changed under our hands: the next round reads it anew."""
        self.again.extend(subject.rows)

    def fail(self, subject: Subject, reason: Text) -> None:
        self.failed.extend((row, reason) for row in subject.rows)
        self.counts["failed"] += 1


def save(bench: Workbench, module: ModulePair, findings: Findings) -> None:
    """One transaction. A crash before it leaves the records dirty, and looking again finds what was done already."""
    with transaction.atomic():
        save_links(bench.connection.pk, module.name, findings.links)
        links_of(bench.connection, module.name).filter(pk__in=[link.pk for link in findings.dropped]).delete()
        write_journal(bench, findings.entries)
        _wake_those_who_wait(bench, module, findings.newly_live)
        _count(bench, findings.counts)
        _put_off(findings)
        clear(findings.finished)


def clear(rows: Sequence[DirtyRow]) -> None:
    """Forget dirty rows, but not those that were marked again since they were read."""
    if rows:
        with database.cursor() as cursor:
            cursor.execute(
                "DELETE FROM bridge_dirty USING unnest(%s::bigint[], %s::bigint[]) AS seen (id, seq) "
                "WHERE bridge_dirty.id = seen.id AND bridge_dirty.seq = seen.seq",
                [[row.pk for row in rows], [row.seq for row in rows]],
            )


def park(rows: Sequence[DirtyRow], reason: str) -> None:
    """Put rows aside with their reason; they are tried again after 1, 2, 4 … minutes. The others go on."""
    for row in rows:
        wait = min(timedelta(minutes=2 ** min(row.attempts, 12)), _LONGEST_WAIT)
        Dirty.objects.filter(pk=row.pk, seq=row.seq).update(
            attempts=F("attempts") + 1, next_try_at=clock.now() + wait, reason=reason[:2_000]
        )


def _put_off(findings: Findings) -> None:
    for row, reason in findings.failed:
        park([row], str(reason))
    quick = [row.pk for row in findings.again if row.attempts < _QUICK_TRIES]
    Dirty.objects.filter(pk__in=quick).update(attempts=F("attempts") + 1)
    park([row for row in findings.again if row.attempts >= _QUICK_TRIES], "It keeps changing while it is being synced.")


def _wake_those_who_wait(bench: Workbench, module: ModulePair, crm_ids: Sequence[int]) -> None:
    """References to records that have just been linked can be filled in now."""
    if not crm_ids or module.name not in REFERRED_TO:
        return
    waiting = Link.objects.filter(connection=bench.connection, waits_for__in=crm_ids).exclude(module=module.name)
    mark(bench.connection.pk, [Mark(BY_NAME[link.module].name, "crm", link.crm_id) for link in waiting])


def _count(bench: Workbench, counts: Counter[str]) -> None:
    if bench.run and counts:
        bench.run.counts = dict(Counter(bench.run.counts) + counts)
        bench.run.save(update_fields=["counts"])
