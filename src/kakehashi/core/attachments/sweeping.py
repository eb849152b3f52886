"""Stored files that nothing names any more, removed after a grace of days.

Whoever keeps files says which of them it still names (`NAMERS`, filled by the wiring): records, imports, whatever could be taken
back. A file that nobody names is marked first, and goes only when it was found unnamed for the whole grace. Its row is locked before
anybody is asked, and whoever begins to name a file locks it, too (`crm.records.checking`): no file goes while it is given to a record.

Its bytes go after its row, unless another row or somebody else (`KEEPERS`: mails that are stored as they came) has the same.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction

from .models import Attachment
from .storage import path_of

Namer = Callable[[str, Collection[int]], Collection[int]]  # (tenant, ids of attachments) -> those that it still names
Keeper = Callable[[Collection[str]], Collection[str]]  # digests -> those whose bytes it needs beside any attachment
NAMERS: dict[str, list[Namer]] = {}  # by the beginning of the tenants that they know: "org:"
KEEPERS: list[Keeper] = []

GRACE = timedelta(days=7)
_BATCH = 200


def sweep(now: datetime) -> int:
    """Mark what nothing names; remove what was marked a grace ago and still is unnamed. Answers how many files went."""
    gone = 0
    for prefix, namers in NAMERS.items():
        rows = Attachment.objects.filter(tenant__startswith=prefix).order_by("tenant")
        for tenant in rows.values_list("tenant", flat=True).distinct():
            for ids in _old_ids(tenant, now - GRACE):
                digests = _sweep_rows(tenant, ids, namers, now)
                _remove_bytes(digests, now - GRACE)
                gone += len(digests)
    for unfinished in Path(settings.ATTACHMENTS).glob("incoming-*"):
        _remove(unfinished, now - GRACE)
    return gone


def forget_bytes(digests: Collection[str], stored_before: datetime) -> None:
    """At once and for good, for whoever erased the rows that named them. What any row or keeper still names stays."""
    _remove_bytes(digests, stored_before)


def _old_ids(tenant: str, added_before: datetime) -> Iterator[list[int]]:
    last = 0
    rows = Attachment.objects.filter(tenant=tenant, added_at__lt=added_before).order_by("pk")
    while ids := list(rows.filter(pk__gt=last).values_list("pk", flat=True)[:_BATCH]):
        yield ids
        last = ids[-1]


@transaction.atomic
def _sweep_rows(tenant: str, ids: Collection[int], namers: Sequence[Namer], now: datetime) -> list[str]:
    """Answers the digests of the rows that went. What somebody else has locked is left for another day."""
    locked = Attachment.objects.select_for_update(skip_locked=True).filter(pk__in=ids).in_bulk()
    named: set[int] = set()
    for namer in namers:
        named |= set(namer(tenant, locked.keys() - named))
    unnamed = {pk: row.unnamed_since for pk, row in locked.items() if pk not in named}
    over = [pk for pk, since in unnamed.items() if since and since <= now - GRACE]
    Attachment.objects.filter(pk__in=named & locked.keys(), unnamed_since__isnull=False).update(unnamed_since=None)
    Attachment.objects.filter(pk__in=unnamed, unnamed_since=None).update(unnamed_since=now)
    Attachment.objects.filter(pk__in=over).delete()
    return [locked[pk].digest for pk in over]


def _remove_bytes(digests: Collection[str], stored_before: datetime) -> None:
    """A kill before this leaves bytes that nobody names: they cost room, never a file."""
    kept = set(Attachment.objects.filter(digest__in=digests).values_list("digest", flat=True))
    for keeper in KEEPERS:
        kept |= set(keeper(set(digests) - kept))
    for digest in set(digests) - kept:
        _remove(path_of(digest), stored_before)


def _remove(path: Path, stored_before: datetime) -> None:
    """Not what is young: storing the same bytes again writes the file anew before its row is there."""
    aside = path.with_name(f"{path.name}.leaving")
    if not path.exists() or path.stat().st_mtime >= stored_before.timestamp():
        return
    path.rename(aside)
    if aside.stat().st_mtime >= stored_before.timestamp():  # written anew between our look and our hand
        aside.rename(path)
        return
    aside.unlink()
