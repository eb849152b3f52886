"""Telling of tickets whose deadline has passed: once per ticket, deadline and due moment, however long nobody looked."""

from datetime import datetime

from django.db import transaction

from kakehashi.core import clock
from kakehashi.core.actors import SYSTEM
from kakehashi.core.events.log import Fact, write_facts
from kakehashi.desk.portals.models import Portal

from .models import Deadline
from .queries import note_breaches, portals_with_due

BATCH = 5_000


def tell_overdue() -> int:
    """Write `desk.ticket.overdue` for everything that is due in any portal and was not told. Answers how many.

    Each batch is a transaction of its own, with the rows that say what was told; so a sweep that is killed goes on where it stood,
    and of two sweeps at once the unique row lets only one tell.
    """
    now = clock.now()
    return sum(
        _tell_deadline(portal, deadline, now)
        for portal in portals_with_due(now)
        for deadline in (Deadline.RESPONSE, Deadline.RESOLUTION)
    )


def _tell_deadline(portal: Portal, deadline: Deadline, now: datetime) -> int:
    told, last = 0, None
    while True:
        with transaction.atomic():
            batch = note_breaches(portal, deadline, now=now, after=last, limit=BATCH)
            write_facts([_fact(portal, deadline, ticket_id, due_at) for ticket_id, due_at in batch.noted], SYSTEM)
        told, last = told + len(batch.noted), batch.last
        if last is None:
            return told


def _fact(portal: Portal, deadline: Deadline, ticket_id: int, due_at: str) -> Fact:
    data = {"deadline": deadline.value, "due_at": due_at}
    return Fact(portal.tenant, "desk.ticket.overdue", "desk.ticket", ticket_id, data)
