from collections.abc import Sequence

from django.db.models import Q, QuerySet

from kakehashi.core.fixed_reads import fixed_read
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.tickets.models import Ticket

from .models import TagUse, TicketTag

_MOST_NAMES = 500


def tags_of(ticket: Ticket) -> list[TicketTag]:
    return _tags_of(ticket.pk)


@fixed_read
def _tags_of(ticket_id: int) -> QuerySet[TicketTag]:
    return TicketTag.objects.filter(uses__ticket_id=ticket_id)


def tag_names(portal: Portal, limit: int = _MOST_NAMES) -> list[str]:
    return [tag.name for tag in _tags(portal.pk)[:limit]]


@fixed_read
def _tags(portal_id: int) -> QuerySet[TicketTag]:
    return TicketTag.objects.filter(portal_id=portal_id).only("name")[:_MOST_NAMES]


def tickets_with(portal_id: int, names: Sequence[str]) -> Q:
    """Tickets that have any of the tags; without names, any tag at all."""
    uses = TagUse.objects.filter(tag__portal_id=portal_id)
    return Q(pk__in=(uses.filter(tag__name__in=names) if names else uses).values("ticket_id"))
