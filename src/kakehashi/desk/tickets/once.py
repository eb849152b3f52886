"""A form that is sent twice opens one ticket: the second time, the ticket of the first is the answer."""

from collections.abc import Callable

from django.db import transaction

from kakehashi.desk.portals.access import DeskAccess

from .models import OpeningKey, Ticket


@transaction.atomic
def open_once(access: DeskAccess, key: str, open_ticket: Callable[[], Ticket]) -> Ticket:
    """`key` is of one's own form; "" opens a ticket in any case. While a first attempt is under way, a second one waits for it."""
    if not key:
        return open_ticket()
    row, is_first = OpeningKey.objects.select_related("ticket").get_or_create(
        portal=access.portal, person_id=access.person.pk, key=key[:64]
    )
    if not is_first and row.ticket is not None:
        return row.ticket
    row.ticket = open_ticket()
    row.save(update_fields=["ticket"])
    return row.ticket
