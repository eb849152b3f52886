"""What the event log says of a person: that something happened stays, the names and values go."""

from collections.abc import Collection, Sequence
from typing import Any

from kakehashi.core.events.models import Event
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.record_merging.forgetting import CUSTOMERS, empty_events, forget_merges, merges_of
from kakehashi.desk.record_merging.models import MovedRelation

_HARMLESS = {
    "status_type", "status_types", "rating", "message", "comment", "is_public", "is_forward", "kind", "deadline", "due_at", "erasure",
}  # fmt: skip
_HARMLESS_CHANGES = {
    "status", "priority", "assigneeId", "teamId", "departmentId", "dueDate", "responseDueDate", "classification", "channel",
    "isEscalated", "productId",
}  # fmt: skip


def empty_ticket_events(ticket_ids: Collection[int]) -> None:
    """What moved a ticket's clocks stays, since figures follow from it."""
    events = Event.objects.filter(kind="desk.ticket", subject_id__in=ticket_ids)
    events.filter(origin__in=CUSTOMERS).update(person_name="")
    told = list(events.exclude(topic="desk.ticket.escalation_fired").exclude(data={}))
    for event in told:
        event.data = harmless(event.data)
    Event.objects.bulk_update(told, ["data"], batch_size=500)


def harmless(data: dict[str, Any]) -> dict[str, Any]:
    """An event's data without anything that a person could have typed."""
    kept = {name: value for name, value in data.items() if name in _HARMLESS}
    if changes := {name: pair for name, pair in data.get("changes", {}).items() if name in _HARMLESS_CHANGES}:
        kept["changes"] = changes
    return kept


def empty_contact_events(portal: Portal, contact_ids: Sequence[int], names: Collection[str]) -> None:
    """Their own, and those of other tickets that name them as who was or became the customer."""
    empty_events(portal, "contact", contact_ids)
    for name in names:
        told = Event.objects.filter(tenant=portal.tenant, kind="desk.ticket", data__changes__contactId__contains=name)
        for event in told:
            event.data = harmless(event.data)
            event.save(update_fields=["data"])


def forget_contacts_merges(portal: Portal, contact_ids: Sequence[int]) -> None:
    """With what the events of the tickets say that came along."""
    for merge in merges_of(portal, "contact", contact_ids):
        moved = MovedRelation.objects.filter(merge=merge, relation="ticket.contact").values("row_id")
        Event.objects.filter(kind="desk.ticket", subject_id__in=moved, origin=f"merge:{merge.pk}").update(data={})
    forget_merges(portal, "contact", contact_ids)
