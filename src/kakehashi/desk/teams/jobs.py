"""Tickets leave a removed team in the background, a batch per transaction; run again after a kill, the job goes on where it was."""

from kakehashi.core.actors import Actor
from kakehashi.core.jobs import RETRY, jobs
from kakehashi.desk.portals.models import Portal

from .models import Team

_BATCH = 200


@jobs.task(name="desk.replace_team", retry=RETRY)
def replace_team(portal_id: int, team_id: int, successor_id: int | None, name: str) -> None:
    from kakehashi.desk.tickets.actions import update_tickets
    from kakehashi.desk.tickets.models import Ticket

    portal = Portal.objects.get(pk=portal_id)
    successor = Team.objects.filter(portal=portal, pk=successor_id or 0, retired_at=None).first()
    actor = Actor(None, name, f"team:{team_id}")
    while True:
        held = Ticket.objects.filter(portal=portal, team_id=team_id, deleted_at=None)
        ids = list(held.order_by("pk").values_list("pk", flat=True)[:_BATCH])
        if not ids:
            return
        update_tickets(portal, ticket_ids=ids, values={"teamId": successor.pk if successor else None}, actor=actor)
