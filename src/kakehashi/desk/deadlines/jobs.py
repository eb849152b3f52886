"""New targets and hours are applied to the open tickets, a few hundred in one transaction."""

from collections.abc import Sequence

from django.db import transaction

from kakehashi.core.actors import SYSTEM
from kakehashi.core.events.log import Fact, write_fact
from kakehashi.core.jobs import RETRY, jobs
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.tickets.models import IS_OPEN, Ticket
from kakehashi.desk.tickets.tallies import kept_figures

from .following import CLOCK_COLUMNS, follow_clocks
from .queries import FOLLOWED

_BATCH = 500


@jobs.task(name="desk.follow_deadlines", retry=RETRY)
def follow_deadlines(portal_id: int) -> None:
    """Count all open tickets' deadlines anew. Bears being run twice: the second run moves nothing."""
    portal = Portal.objects.filter(pk=portal_id).first()
    if portal is None:
        return
    tickets = moved = last_id = 0
    while batch := _next_ids(portal, last_id):
        moved += _follow(portal, batch)
        tickets, last_id = tickets + len(batch), batch[-1]
    with transaction.atomic():
        data = {"tickets": tickets, "moved": moved}
        write_fact(Fact(portal.tenant, FOLLOWED, "desk.portal", portal.pk, data), SYSTEM)


def follow_later(portal: Portal) -> None:
    """Queue it, in the transaction of whoever asks; one after the other for each portal."""
    follow_deadlines.configure(lock=f"desk.follow_deadlines:{portal.pk}").defer(portal_id=portal.pk)


def _next_ids(portal: Portal, after: int) -> list[int]:
    rows = Ticket.objects.filter(IS_OPEN, portal=portal, pk__gt=after).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:_BATCH])


@transaction.atomic
def _follow(portal: Portal, ids: Sequence[int]) -> int:
    """How many have another deadline than before. Closed tickets keep what they were closed with."""
    rows = Ticket.objects.filter(IS_OPEN, pk__in=ids).select_related("status").defer("description_html")
    tickets = list(rows.order_by("pk").select_for_update(of=("self",)))
    before = [(ticket.due_at, ticket.response_due_at) for ticket in tickets]
    with kept_figures(portal, tickets):
        follow_clocks(portal, tickets)
    moved = [t for t, dates in zip(tickets, before, strict=True) if (t.due_at, t.response_due_at) != dates]
    Ticket.objects.bulk_update(tickets, CLOCK_COLUMNS, batch_size=_BATCH)
    return len(moved)
