"""Tickets are found by their customer's name as it is now: a customer who is called otherwise takes their tickets along."""

from collections.abc import Sequence

from kakehashi.core.events.reading import Marker
from kakehashi.core.events.subscribers import Subscriber

from .jobs import index_tickets_of

_NAMING = {"desk.contact": {"lastName", "firstName", "email"}, "desk.account": {"accountName"}}


def follow_names(markers: Sequence[Marker]) -> None:
    """Queue the work, customer by customer: some have very many tickets. A retried marker carries no changes and counts as one."""
    for kind, subject_id in dict.fromkeys(
        (marker.kind, marker.subject_id) for marker in markers if _is_renamed(marker)
    ):
        index_tickets_of.defer(kind=kind, customer_id=subject_id)


def _is_renamed(marker: Marker) -> bool:
    changes = marker.data.get("changes")
    return changes is None or bool(_NAMING[marker.kind] & changes.keys())


SUBSCRIBER = Subscriber("desk.names_of_customers", ["desk.contact.updated", "desk.account.updated"], follow_names)
