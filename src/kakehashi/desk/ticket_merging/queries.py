from django.db.models import QuerySet

from kakehashi.core.fixed_reads import first_row, fixed_read
from kakehashi.desk.tickets.models import Ticket

from .models import TicketSplit


def split_of(ticket: Ticket) -> TicketSplit | None:
    """How a ticket was split off another one, with that; None for any other."""
    return first_row(_splits(ticket.pk))


@fixed_read
def _splits(ticket_id: int) -> QuerySet[TicketSplit]:
    return TicketSplit.objects.filter(ticket_id=ticket_id).select_related("source").order_by("pk")[:1]
