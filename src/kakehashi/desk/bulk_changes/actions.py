"""Beginning a change of many tickets, and taking one back."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kakehashi.core.errors import ProductError
from kakehashi.core.events.log import Fact, write_fact
from kakehashi.desk.portals.access import DeskAccess
from kakehashi.desk.tickets.fields import clean_ticket_values

from .jobs import run_bulk_change
from .models import BulkChange, BulkKind, BulkRow, RowState
from .running import BATCH, work_off

MOST_TICKETS = 20_000
_RIGHTS = {
    BulkKind.UPDATE: "may_update",
    BulkKind.CLOSE: "may_update",
    BulkKind.DELETE: "may_delete",
    BulkKind.RESTORE: "may_delete",
    BulkKind.TAG: "may_update",
    BulkKind.UNTAG: "may_update",
}


class TooManyTickets(ProductError):
    code = "too_many_tickets"
    status = 422
    message = _("At most 20,000 tickets can be changed at once. Narrow the list first.")


class CannotBeUndone(ProductError):
    code = "cannot_be_undone"
    status = 409
    message = _("This was taken back already, or it is still running.")


def start_change(
    access: DeskAccess, *, kind: BulkKind, ticket_ids: Sequence[int], values: Mapping[str, Any] | None = None
) -> BulkChange:
    """Few are done at once, many by a job. Raises `NotAllowed`, `InvalidValues`, `TooManyTickets`."""
    access.require(_RIGHTS[kind])
    ids = list(dict.fromkeys(ticket_ids))
    if len(ids) > 1:
        access.require("may_bulk")
    if len(ids) > MOST_TICKETS:
        raise TooManyTickets
    if kind == BulkKind.UPDATE:
        clean_ticket_values(access.portal, values or {})
    with transaction.atomic():
        change = _store(access, kind, values or {}, ids)
    return _run(change, len(ids))


def undo_change(access: DeskAccess, done: BulkChange) -> BulkChange:
    """Put back what it overwrote, where nobody changed it since. Raises `CannotBeUndone`."""
    access.require(_RIGHTS[BulkKind(done.kind)])
    with transaction.atomic():
        done = BulkChange.objects.select_for_update().get(pk=done.pk)
        if not may_undo(done):
            raise CannotBeUndone
        changed = BulkRow.objects.filter(change=done, state=RowState.CHANGED).order_by("id")
        ids = list(changed.values_list("ticket_id", flat=True))
        undo = _store(access, BulkKind(done.kind), {}, ids, undoes=done)
    return _run(undo, len(ids))


def may_undo(change: BulkChange) -> bool:
    if change.finished_at is None or change.undoes_id or BulkChange.objects.filter(undoes=change).exists():
        return False
    return BulkRow.objects.filter(change=change, state=RowState.CHANGED).exists()


def _store(
    access: DeskAccess, kind: BulkKind, values: Mapping[str, Any], ids: Sequence[int], undoes: BulkChange | None = None
) -> BulkChange:
    change = BulkChange.objects.create(
        portal=access.portal,
        kind=kind,
        values=dict(values),
        undoes=undoes,
        total=len(ids),
        started_by=access.person,
        started_by_name=access.person.name,
    )
    BulkRow.objects.bulk_create([BulkRow(change=change, ticket_id=pk) for pk in ids], batch_size=2_000)
    data = {"kind": kind, "total": len(ids), "fields": sorted(values), "undoes": change.undoes_id}
    fact = Fact(access.portal.tenant, "desk.bulk_change.started", "desk.bulk_change", change.pk, data)
    write_fact(fact, access.actor)
    run_bulk_change.defer(change_id=change.pk)
    return change


def _run(change: BulkChange, total: int) -> BulkChange:
    """What fits one batch is done before the answer; the job then finds nothing left to do."""
    if total <= BATCH:
        work_off(change.pk)
        change.refresh_from_db()
    return change
