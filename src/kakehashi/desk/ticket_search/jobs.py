"""Words of tickets that follow later, many at a time."""

from collections.abc import Sequence

from django.db import transaction

from kakehashi.core.jobs import RETRY, jobs

_BATCH = 500


@jobs.task(name="desk.refresh_ticket_search", retry=RETRY)
def refresh_search(ticket_ids: Sequence[int]) -> None:
    """Count anew by which words tickets are found, after a change of many that did not wait for it. They are locked meanwhile,
    so that nothing that is said in them gets lost.
    """
    from kakehashi.desk.tickets.models import Ticket

    from .actions import index_tickets

    with transaction.atomic():
        locked = Ticket.objects.filter(pk__in=ticket_ids).order_by("pk").select_for_update()
        index_tickets(list(locked.values_list("pk", flat=True)))


@jobs.task(name="desk.index_tickets_of", retry=RETRY)
def index_tickets_of(kind: str, customer_id: int) -> None:
    """The tickets of a contact or an account ("desk.contact", "desk.account"), so many at a time; twice does no harm."""
    from kakehashi.desk.tickets.models import Ticket

    column = {"desk.contact": "contact_id", "desk.account": "account_id"}[kind]
    tickets = Ticket.objects.filter(**{column: customer_id}).order_by("pk").values_list("pk", flat=True)
    last = 0
    while ids := list(tickets.filter(pk__gt=last)[:_BATCH]):
        refresh_search(ids)
        last = ids[-1]
