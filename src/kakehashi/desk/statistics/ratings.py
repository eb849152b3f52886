"""What customers said last of our help."""

from collections.abc import Sequence
from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.db.models import Q

from kakehashi.desk.portals.access import DeskAccess
from kakehashi.desk.tickets.models import IS_RATED, Ticket
from kakehashi.desk.tickets.queries import visible_tickets
from kakehashi.ui.statistics.periods import Window

from .queries import Customers, Products, Whose

_SHOWN = 10


def latest_ratings(access: DeskAccess, whose: Whose, window: Window) -> Sequence[Ticket]:
    """The tickets that were rated last, of those received in the window that this person sees; one query, by an index of rated ones."""
    rows = visible_tickets(access).filter(IS_RATED)
    if window.first:
        since = datetime.combine(window.first, time.min, ZoneInfo(access.portal.time_zone))
        rows = rows.filter(created_at__gte=since)
    return list(rows.filter(_of(whose)).order_by("-rated_at", "-pk")[:_SHOWN])


def _of(whose: Whose) -> Q:
    if isinstance(whose, Customers):
        return Q(account_id__in=whose.account_ids) | Q(contact_id__in=whose.contact_ids)
    if isinstance(whose, Products):
        return Q(product_id__in=whose.ids)
    return Q(department_id__in=whose.ids) if whose.ids else Q()
