"""Taking a change of tickets back: the values from before travel in a signed token, good for the person who made the change."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core import signing

from kakehashi.core.actors import Actor
from kakehashi.core.errors import NotFound
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.ticket_fields.cleaning import PREFIX

from .actions import update_tickets
from .fields import FIELDS_BY_NAME
from .models import Ticket

_SALT = "kakehashi.desk.tickets.undo"
_MAX_AGE_SECONDS = 15 * 60


def values_before(portal: Portal, ticket_ids: Sequence[int], names: Sequence[str]) -> dict[int, dict[str, Any]]:
    """The present values of some fields, by API name, in the form that an update takes."""
    tickets = Ticket.objects.filter(portal=portal, id__in=ticket_ids).select_related("status")
    return {ticket.pk: {name: _value(ticket, name) for name in names} for ticket in tickets}


def token_for_undo(actor: Actor, before: Mapping[int, Mapping[str, Any]]) -> str:
    return signing.dumps(
        [actor.person_id, [[key, dict(values)] for key, values in before.items()]], salt=_SALT, compress=True
    )


def take_back(portal: Portal, *, token: str, actor: Actor) -> list[int]:
    """Write the values of a token back. Raises `NotFound` for one that is forged, too old, or somebody else's."""
    try:
        person_id, before = signing.loads(token, salt=_SALT, max_age=_MAX_AGE_SECONDS)
    except signing.BadSignature:
        raise NotFound from None
    if person_id != actor.person_id:
        raise NotFound
    for ticket_id, values in before:
        update_tickets(portal, ticket_ids=[ticket_id], values=values, actor=actor)
    return [ticket_id for ticket_id, _values in before]


def _value(ticket: Ticket, name: str) -> Any:
    if name == "status":
        return ticket.status.name
    if name.startswith(PREFIX):
        return ticket.custom.get(name)
    value = getattr(ticket, FIELDS_BY_NAME[name].column)
    return value.isoformat() if hasattr(value, "isoformat") else value
