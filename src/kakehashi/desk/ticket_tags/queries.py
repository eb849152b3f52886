from collections.abc import Sequence

from django.db.models import Q

from kakehashi.desk.portals.models import Portal
from kakehashi.desk.tickets.models import Ticket

from .models import TagUse, TicketTag


def tags_of(ticket: Ticket) -> list[TicketTag]:
    return list(TicketTag.objects.filter(uses__ticket=ticket))


def tag_names(portal: Portal, limit: int = 500) -> list[str]:
    return list(TicketTag.objects.filter(portal=portal).values_list("name", flat=True)[:limit])


def tickets_with(portal_id: int, names: Sequence[str]) -> Q:
    """Tickets that have any of the tags; without names, any tag at all."""
    uses = TagUse.objects.filter(tag__portal_id=portal_id)
    return Q(pk__in=(uses.filter(tag__name__in=names) if names else uses).values("ticket_id"))
