"""Emptying a portal's recycle bin, batch by batch. A batch is one transaction; what is left to do is asked from what is still there.

Tickets go first, since by that their contacts, accounts and products become free. Those that tickets or people still name stay: they
go as soon as nothing names them any more.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from kakehashi.core.actors import SYSTEM
from kakehashi.core.keeping import due_before
from kakehashi.desk.erasure.models import ErasureKind
from kakehashi.desk.erasure.tickets import erase_tickets
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.record_merging.kinds import KINDS
from kakehashi.desk.records.writing import Kind
from kakehashi.desk.tickets.models import Ticket
from kakehashi.desk.tickets.queries import binned_tickets

from .actions import purge_untied
from .queries import binned, keep_days
from .ties import untied

_BATCH = 100

Remove = Callable[[Sequence[str]], None]  # told, in the transaction, the digests of bytes that nothing names any more


def empty_bin(portal: Portal, remove: Remove) -> int:
    """Answers how many tickets and records went."""
    days = keep_days(portal)
    if days is None:
        return 0
    before, count = due_before(days), 0
    while gone := _empty_tickets(portal, before, remove):
        count += gone
    for kind in KINDS.values():  # contacts before the accounts that they name
        while gone := _empty_records(kind, portal, before):
            count += gone
    return count


@transaction.atomic
def _empty_tickets(portal: Portal, before: datetime, remove: Remove) -> int:
    due = binned_tickets(portal).filter(deleted_at__lt=before).order_by("deleted_at", "pk")
    ids = list(due.select_for_update(of=("self",), skip_locked=True).values_list("pk", flat=True)[:_BATCH])
    if ids:
        along = _those_merged_into(ids)
        remove(erase_tickets(portal, [*ids, *along], kind=ErasureKind.ERASE, told={}, actor=SYSTEM))
    return len(ids)


def _those_merged_into(ids: Sequence[int]) -> list[int]:
    found: list[int] = []
    latest = list(ids)
    while latest:
        rows = Ticket.objects.filter(merged_into__in=latest, erased_at=None)
        latest = list(rows.order_by("pk").values_list("pk", flat=True))
        found += latest
    return found


def _empty_records(kind: Kind[Any], portal: Portal, before: datetime) -> int:
    due = untied(kind, portal, binned(portal, kind).filter(deleted_at__lt=before))
    ids = list(due.order_by("deleted_at", "pk").values_list("pk", flat=True)[:_BATCH])
    return len(purge_untied(kind, portal, ids=ids, actor=SYSTEM)) if ids else 0
