"""Changing tickets of our own Desk, for the seam: the Desk's own changes of many, with an account of each and a way back."""

from collections.abc import Mapping, Sequence
from typing import cast

from kakehashi.bridge.sides.records import Value
from kakehashi.bridge.sides.tickets import LeftOut, TicketChange, TicketDeed
from kakehashi.core.actors import Actor
from kakehashi.core.errors import NotFound
from kakehashi.desk.bulk_changes.actions import may_undo, start_change, undo_change
from kakehashi.desk.bulk_changes.models import BulkChange, BulkKind, BulkRow, RowState
from kakehashi.desk.bulk_changes.queries import figures_of
from kakehashi.desk.portals.access import DeskAccess
from kakehashi.desk.tickets.models import Ticket

from .desk_tickets import DeskTickets

_MOST_TOLD = 100


class DeskChanging(DeskTickets):
    """Implements the part of `DeskSide` that changes tickets, for one portal."""

    def change_tickets(
        self, deed: TicketDeed, ticket_ids: Sequence[int], actor: Actor, values: Mapping[str, Value] | None = None
    ) -> TicketChange:
        kind = BulkKind(deed)
        access = self._seat(actor, "may_delete" if kind in (BulkKind.DELETE, BulkKind.RESTORE) else "may_update")
        return self._told(access, start_change(access, kind=kind, ticket_ids=ticket_ids, values=values))

    def read_change(self, change_id: int, actor: Actor) -> TicketChange:
        access = self._seat(actor, "may_read")
        return self._told(access, self._own_change(access, change_id))

    def undo_change(self, change_id: int, actor: Actor) -> TicketChange:
        access = self._seat(actor, "may_read")
        return self._told(access, undo_change(access, self._own_change(access, change_id)))

    def _own_change(self, access: DeskAccess, change_id: int) -> BulkChange:
        own = BulkChange.objects.filter(portal=self.portal, started_by=access.person, pk=change_id)
        if (found := own.first()) is None:
            raise NotFound
        return found

    def _told(self, access: DeskAccess, change: BulkChange) -> TicketChange:
        figures = figures_of(change)
        return TicketChange(
            id=change.pk,
            deed=cast("TicketDeed", change.kind),
            total=figures["total"],
            changed=figures["changed"],
            unchanged=figures["unchanged"],
            skipped=figures["skipped"],
            is_over=change.finished_at is not None,
            is_undo=change.undoes_id is not None,
            may_undo=may_undo(change),
            left_out=tuple(self._left_out(access, change)) if figures["skipped"] else (),
        )

    def _left_out(self, access: DeskAccess, change: BulkChange) -> Sequence[LeftOut]:
        rows = BulkRow.objects.filter(change=change, state=RowState.SKIPPED).order_by("id")[:_MOST_TOLD]
        seen = Ticket.objects.filter(portal=self.portal, pk__in=[row.ticket_id for row in rows])
        if access.department_ids is not None:
            seen = seen.filter(department_id__in=access.department_ids)
        titles = {pk: f"#{number} {subject}" for pk, number, subject in seen.values_list("pk", "number", "subject")}
        return [LeftOut(row.ticket_id, titles.get(row.ticket_id, ""), row.reason) for row in rows]
