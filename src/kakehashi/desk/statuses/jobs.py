"""Tickets leave a removed status in the background, a batch per transaction; run again after a kill, the job goes on where it was."""

from kakehashi.core.actors import Actor
from kakehashi.core.jobs import RETRY, jobs
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.tickets.models import Status, StatusType, Ticket

from .queries import first_status

_BATCH = 200


@jobs.task(name="desk.replace_status", retry=RETRY)
def replace_status(portal_id: int, status_id: int, replacement_id: int, name: str) -> None:
    from kakehashi.desk.tickets.actions import update_tickets

    portal = Portal.objects.get(pk=portal_id)
    replacement = Status.objects.get(portal=portal, pk=replacement_id)
    if replacement.retired_at:  # removed as well, meanwhile
        replacement = first_status(portal, StatusType(replacement.type))
    actor = Actor(None, name, f"status:{status_id}")
    while True:
        held = Ticket.objects.filter(portal=portal, status_id=status_id, deleted_at=None)
        ids = list(held.order_by("pk").values_list("pk", flat=True)[:_BATCH])
        if not ids:
            return
        update_tickets(portal, ticket_ids=ids, values={"status": replacement.name}, actor=actor)
