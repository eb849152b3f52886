"""Working a change of many tickets, batch by batch. A batch is one transaction: tickets, events, and what became of each."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from kakehashi.core import clock
from kakehashi.core.actors import Actor
from kakehashi.core.errors import InvalidValues, NotFound, ProductError
from kakehashi.core.events.log import Fact, write_fact
from kakehashi.desk.portals.access import DeskAccess, find_access
from kakehashi.desk.ticket_tags.actions import add_tag, remove_tag
from kakehashi.desk.tickets.actions import close_tickets, delete_tickets, mark_as_spam, restore_tickets, update_tickets
from kakehashi.desk.tickets.models import Ticket
from kakehashi.desk.tickets.undo import values_before

from .models import BulkChange, BulkKind, BulkRow, RowState

BATCH = 100
_WAS_SPAM = "wasSpam"  # of a ticket that was restored


def work_off(change_id: int) -> None:
    """To its end, from wherever it is. Two at once share the rows and never do one twice."""
    change = BulkChange.objects.select_related("portal", "started_by", "undoes").filter(pk=change_id).first()
    if change is None or change.finished_at is not None:
        return
    person = change.started_by
    try:
        access = find_access(person, change.portal_id) if person else None
    except NotFound:
        access = None
    with translation.override(person.language if person else change.portal.language):
        while _work_batch(change, access):
            pass
    _finish(change)


def _work_batch(change: BulkChange, access: DeskAccess | None) -> bool:
    """False when nothing waits any more."""
    with transaction.atomic():
        waiting = BulkRow.objects.filter(change=change, state=RowState.WAITING).order_by("id")
        rows = list(waiting.select_for_update(skip_locked=True)[:BATCH])
        if not rows:
            return False
        if access is None:
            _skip(rows, _("Whoever started this has no seat in the portal any more."))
        else:
            _change_rows(change, access, _within_reach(change, access, rows))
        BulkRow.objects.bulk_update(rows, ["state", "before", "reason"])
    return True


def _within_reach(change: BulkChange, access: DeskAccess, rows: Sequence[BulkRow]) -> list[BulkRow]:
    """Rows whose tickets this person sees, in or out of the recycle bin as the change needs them."""
    wants_bin = (change.kind == BulkKind.RESTORE) != bool(
        change.undoes_id and change.kind in (BulkKind.DELETE, BulkKind.RESTORE)
    )
    seen = Ticket.objects.filter(portal=change.portal, pk__in=[row.ticket_id for row in rows])
    seen = seen.filter(deleted_at__isnull=not wants_bin)
    if access.department_ids is not None:
        seen = seen.filter(department_id__in=access.department_ids)
    ids = set(seen.values_list("pk", flat=True))
    _skip([row for row in rows if row.ticket_id not in ids], _("The ticket is not there any more."))
    return [row for row in rows if row.ticket_id in ids]


def _change_rows(change: BulkChange, access: DeskAccess, rows: Sequence[BulkRow]) -> None:
    """All at once where nothing is refused; else each by itself, so that one refusal stops only its own ticket."""
    try:
        with transaction.atomic():
            _change(change, access, rows)
    except ProductError:
        for row in rows:
            try:
                with transaction.atomic():
                    _change(change, access, [row])
            except ProductError as refused:
                _skip([row], _sentence(refused))


def _change(change: BulkChange, access: DeskAccess, rows: Sequence[BulkRow]) -> None:
    if change.undoes is not None:
        _take_back(change, change.undoes, access, rows)
        return
    if change.kind in (BulkKind.TAG, BulkKind.UNTAG):
        _change_tags(change.kind == BulkKind.TAG, change.values["tag"], change, access, rows)
        return
    ids = [row.ticket_id for row in rows]
    names = ["status"] if change.kind == BulkKind.CLOSE else list(change.values)
    before = values_before(change.portal, ids, names)
    spam = _spam_among(ids) if change.kind == BulkKind.RESTORE else frozenset()
    actor = _actor(change, access)
    if change.kind == BulkKind.DELETE:
        delete_tickets(change.portal, ticket_ids=ids, actor=actor)
    elif change.kind == BulkKind.RESTORE:
        restore_tickets(change.portal, ticket_ids=ids, actor=actor)
    elif change.kind == BulkKind.CLOSE:
        close_tickets(change.portal, ticket_ids=ids, actor=actor)
    else:
        update_tickets(change.portal, ticket_ids=ids, values=change.values, actor=actor)
    after = values_before(change.portal, ids, names)
    for row in rows:
        is_same = change.kind in (BulkKind.UPDATE, BulkKind.CLOSE) and before[row.ticket_id] == after[row.ticket_id]
        row.state = RowState.UNCHANGED if is_same else RowState.CHANGED
        row.before = {"was": before[row.ticket_id], "became": after[row.ticket_id]}
        if row.ticket_id in spam:
            row.before[_WAS_SPAM] = True


def _spam_among(ticket_ids: Sequence[int]) -> frozenset[int]:
    return frozenset(Ticket.objects.filter(pk__in=ticket_ids, is_spam=True).values_list("pk", flat=True))


def _take_back(change: BulkChange, done: BulkChange, access: DeskAccess, rows: Sequence[BulkRow]) -> None:
    """Put back what was overwritten, where nobody changed it since."""
    ids, actor = [row.ticket_id for row in rows], _actor(change, access)
    if done.kind in (BulkKind.DELETE, BulkKind.RESTORE):
        if done.kind == BulkKind.DELETE:
            restore_tickets(change.portal, ticket_ids=ids, actor=actor)
        else:
            spam = BulkRow.objects.filter(change=done, ticket_id__in=ids, **{f"before__{_WAS_SPAM}": True})
            mark_as_spam(change.portal, ticket_ids=list(spam.values_list("ticket_id", flat=True)), actor=actor)
            delete_tickets(change.portal, ticket_ids=ids, actor=actor)
        for row in rows:
            row.state = RowState.CHANGED
        return
    if done.kind in (BulkKind.TAG, BulkKind.UNTAG):
        _change_tags(done.kind == BulkKind.UNTAG, done.values["tag"], change, access, rows)
        return
    kept = dict(BulkRow.objects.filter(change=done, ticket_id__in=ids).values_list("ticket_id", "before"))
    now = values_before(change.portal, ids, ["status"] if done.kind == BulkKind.CLOSE else list(done.values))
    for row in rows:
        before: Mapping[str, Any] = kept[row.ticket_id]
        if now[row.ticket_id] != before["became"]:
            _skip([row], _("Somebody changed it since."))
            continue
        update_tickets(change.portal, ticket_ids=[row.ticket_id], values=before["was"], actor=actor)
        row.state = RowState.CHANGED


def _change_tags(is_added: object, name: str, change: BulkChange, access: DeskAccess, rows: Sequence[BulkRow]) -> None:
    ids, actor = [row.ticket_id for row in rows], _actor(change, access)
    changed = (add_tag if is_added else remove_tag)(change.portal, ticket_ids=ids, name=name, actor=actor)
    for row in rows:
        row.state = RowState.CHANGED if row.ticket_id in changed else RowState.UNCHANGED


def _actor(change: BulkChange, access: DeskAccess) -> Actor:
    return Actor(access.person.pk, access.person.name, f"bulk:{change.pk}")


def _skip(rows: Sequence[BulkRow], reason: str) -> None:
    for row in rows:
        row.state, row.reason = RowState.SKIPPED, reason[:300]


def _sentence(refused: ProductError) -> str:
    if isinstance(refused, InvalidValues):
        return " ".join(str(sentence) for sentence in refused.by_field.values())
    return str(refused.message)


@transaction.atomic
def _finish(change: BulkChange) -> None:
    locked = BulkChange.objects.select_for_update().get(pk=change.pk)
    if locked.finished_at or BulkRow.objects.filter(change=change, state=RowState.WAITING).exists():
        return  # another process holds the last rows and finishes
    locked.finished_at = clock.now()
    locked.skipped_count = BulkRow.objects.filter(change=change, state=RowState.SKIPPED).count()
    locked.save(update_fields=["finished_at", "skipped_count"])
    fact = Fact(change.portal.tenant, "desk.bulk_change.finished", "desk.bulk_change", change.pk)
    write_fact(fact, Actor(change.started_by_id, change.started_by_name))
