"""Tickets are found by their customer's name as it is now: a customer who is called otherwise takes their tickets along."""

from collections.abc import Sequence
from typing import Any

from kakehashi.core.events.reading import Marker
from kakehashi.core.events.subscribers import Subscriber
from kakehashi.desk.tickets.models import Ticket

from .jobs import index_tickets_of

_NAMING = {"desk.contact": {"lastName", "firstName", "email"}, "desk.account": {"accountName"}}
_COLUMNS = {"desk.contact": "contact_id", "desk.account": "account_id"}


def follow_names(markers: Sequence[Marker]) -> None:
    """Queue the work, customer by customer: some have very many tickets, and most of those that a sync renames have none. A retried
    marker carries no changes and counts as one.
    """
    for kind, column in _COLUMNS.items():
        renamed = {marker.subject_id for marker in markers if marker.kind == kind and _is_renamed(marker)}
        if renamed:
            work: list[dict[str, Any]] = [{"kind": kind, "customer_id": one} for one in _with_tickets(column, renamed)]
            index_tickets_of.batch_defer(*work)


def _with_tickets(column: str, customer_ids: set[int]) -> list[int]:
    """One that gets its first ticket meanwhile is named in it as it is called by now."""
    tickets = Ticket.objects.filter(**{f"{column}__in": customer_ids}).order_by(column)
    return list(tickets.values_list(column, flat=True).distinct())


def _is_renamed(marker: Marker) -> bool:
    changes = marker.data.get("changes")
    return changes is None or bool(_NAMING[marker.kind] & changes.keys())


SUBSCRIBER = Subscriber("desk.names_of_customers", ["desk.contact.updated", "desk.account.updated"], follow_names)
