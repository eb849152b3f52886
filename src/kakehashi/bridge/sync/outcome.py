"""What a look comes to, gathered, then saved in one transaction: bases, journal, and last of all the dirty rows (design §6)."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import connection as database
from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext_noop

from kakehashi.bridge.sides.records import SideName, side_named
from kakehashi.core import clock
from kakehashi.core.commits import commit_without_waiting
from kakehashi.core.errors import Text

from .conflicts import keep_conflicts
from .journal import Entry, write_journal
from .links import links_of, save_links
from .mapping import BY_NAME, REFERRED_TO, ModulePair
from .marking import Mark, mark
from .models import Dirty, Link, Mention
from .outcome_models import Conflict
from .subjects import DirtyRow, Subject
from .workbench import Workbench

KEEPS_CHANGING = gettext_noop("It keeps changing while it is being synced.")
_LONGEST_WAIT = timedelta(hours=6)
_QUICK_TRIES = 5


@dataclass
class Findings:
    """Filled by the steps of one batch."""

    links: list[Link] = field(default_factory=list)
    dropped: list[Link] = field(default_factory=list)
    # By held record: with whom it shares its keys.
    mentions: dict[tuple[SideName, int], list[str]] = field(default_factory=dict)
    newly_live: list[tuple[int | None, int | None]] = field(default_factory=list)  # (CRM id, Desk id)
    conflicts: list[Conflict] = field(default_factory=list)
    settled: list[tuple[int, tuple[str, ...]]] = field(default_factory=list)  # (link, its fields still in conflict)
    entries: list[Entry] = field(default_factory=list)
    finished: list[DirtyRow] = field(default_factory=list)
    again: list[DirtyRow] = field(default_factory=list)
    failed: list[tuple[DirtyRow, Text]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    mentioned: set[str] = field(default_factory=set)
    _as_before: set[int] = field(default_factory=set)
    _overlooked: list[str] = field(default_factory=list)

    def now_live(self, subject: Subject) -> None:
        self.newly_live.append((subject.crm_id, subject.desk_id))

    def not_news(self, subject: Subject) -> None:
        """It waits for a person as it did before: others that wait because of it need not be looked at again."""
        self._as_before.add(id(subject))

    def news(self, subjects: Sequence[Subject]) -> list[str]:
        """Who was looked at, as those who are held mention them."""
        moved = [one for one in subjects if id(one) not in self._as_before]
        found = [mention("crm", one.crm_id) for one in moved if one.crm_id is not None]
        return found + [mention("desk", one.desk_id) for one in moved if one.desk_id is not None] + self._overlooked

    def overlook(self, rows: Sequence[DirtyRow]) -> None:
        """Of records that are nobody's business here; who waits because of one of them is told all the same."""
        self.finished.extend(rows)
        self._overlooked.extend(mention(side_named(row.side), row.record_id) for row in rows)

    def ask_again(self, mentions: Sequence[str]) -> None:
        """Of these, those that wait for a person have one candidate more now."""
        self.mentioned.update(mentions)

    def no_conflicts(self, link: Link) -> None:
        """A pair that ends has nothing left to decide."""
        if link.pk is not None:
            self.settled.append((link.pk, ()))

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


def mention(side: SideName, record_id: int) -> str:
    """A record as the evidence of held ones names it."""
    return f"{side}:{record_id}"


def save(bench: Workbench, module: ModulePair, findings: Findings, subjects: Sequence[Subject]) -> None:
    """One transaction. A crash before it leaves the records dirty, and looking again finds what was done already."""
    with transaction.atomic():
        commit_without_waiting()
        links_of(bench.connection, module.name).filter(pk__in=[link.pk for link in findings.dropped]).delete()
        save_links(bench.connection.pk, module.name, findings.links)
        keep_conflicts(findings.conflicts, findings.settled)
        write_journal(bench, findings.entries)
        _keep_mentions(bench, module, findings, subjects)
        _wake_those_who_wait(bench, module, findings.newly_live)
        _wake_held(bench, module, findings.news(subjects), findings.mentioned)
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
    park([row for row in findings.again if row.attempts >= _QUICK_TRIES], KEEPS_CHANGING)


def _keep_mentions(bench: Workbench, module: ModulePair, findings: Findings, subjects: Sequence[Subject]) -> None:
    """What a held record shares with others is written down anew; one that is not held any more shares nothing."""
    mentions = Mention.objects.filter(connection=bench.connection, module=module.name)
    known = [one for one in subjects if one.link and one.link.pk]
    crm_ids = [one.crm_id for one in known if one.crm_id is not None]
    desk_ids = [one.desk_id for one in known if one.desk_id is not None]
    if known:
        mentions.filter(Q(side="crm", record_id__among=crm_ids) | Q(side="desk", record_id__among=desk_ids)).delete()
    Mention.objects.bulk_create(
        Mention(connection=bench.connection, module=module.name, side=side, record_id=record_id, who=who)
        for (side, record_id), all_ in findings.mentions.items()
        for who in all_
    )


def _wake_those_who_wait(bench: Workbench, module: ModulePair, linked: Sequence[tuple[int | None, int | None]]) -> None:
    """References to records that have just been linked can be filled in now."""
    if not linked or module.name not in REFERRED_TO:
        return
    crm_ids, desk_ids = ([one for one in ids if one is not None] for ids in zip(*linked, strict=True))
    waiting = Link.objects.filter(connection=bench.connection).exclude(module=module.name)
    waiting = waiting.filter(Q(waits_for__among=crm_ids) | Q(waits_for_desk__among=desk_ids))
    mark(
        bench.connection.pk,
        [Mark(BY_NAME[link.module].name, "crm", link.crm_id) for link in waiting if link.crm_id is not None],
    )


def _wake_held(bench: Workbench, module: ModulePair, news: Sequence[str], mentioned: Collection[str]) -> None:
    """Who could not be matched because of one of the news may be now; who is mentioned by a newcomer has to be asked about anew."""
    known = Mention.objects.filter(connection=bench.connection, module=module.name)
    homes = set(known.filter(who__among=news).values_list("side", "record_id")) if news else set()
    for side in ("crm", "desk"):
        ids = [int(one.partition(":")[2]) for one in mentioned if one.startswith(f"{side}:")]
        homes |= set(known.filter(side=side, record_id__among=ids).values_list("side", "record_id")) if ids else set()
    mark(bench.connection.pk, [Mark(module.name, side_named(side), record_id) for side, record_id in homes])


def _count(bench: Workbench, counts: Counter[str]) -> None:
    if bench.run and counts:
        bench.run.counts = dict(Counter(bench.run.counts) + counts)
        bench.run.save(update_fields=["counts"])
