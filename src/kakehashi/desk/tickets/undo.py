"""Taking a change of tickets back: the values from before travel in a signed token, good for the person who made the change.

What somebody changed since stays as it is.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core import signing

from kakehashi.core.actors import Actor
from kakehashi.core.errors import NotFound
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.ticket_fields.cleaning import PREFIX

from .actions import update_ticket, update_tickets
from .fields import FIELDS_BY_NAME
from .models import Ticket

_SALT = "kakehashi.desk.tickets.undo.2"
_MAX_AGE_SECONDS = 15 * 60
_LONGEST_TOKEN = 4_000
_FOLLOW_DEPARTMENT = ("assigneeId", "teamId")  # a new department may take them away


def values_before(portal: Portal, ticket_ids: Sequence[int], names: Sequence[str]) -> dict[int, dict[str, Any]]:
    """The present values of some fields, by API name, in the form that an update takes."""
    tickets = Ticket.objects.filter(portal=portal, id__in=ticket_ids).select_related("status")
    return {ticket.pk: {name: _value(ticket, name) for name in names} for ticket in tickets}


def change_with_way_back(ticket: Ticket, *, values: Mapping[str, Any], actor: Actor) -> str:
    """Change one ticket. The token that takes it back; "" where it was so already, and where too long a text was changed for an address."""
    names = [*values, *(_FOLLOW_DEPARTMENT if "departmentId" in values else ())]
    before = values_before(ticket.portal, [ticket.pk], names)
    update_ticket(ticket, values=values, actor=actor)
    changed = values_before(ticket.portal, [ticket.pk], names)
    if changed == before:
        return ""
    token = token_for_undo(actor, before, changed)
    return token if len(token) <= _LONGEST_TOKEN else ""


def token_for_undo(
    actor: Actor,
    before: Mapping[int, Mapping[str, Any]],
    changed: Mapping[int, Mapping[str, Any]] | None = None,
) -> str:
    """`changed` is what became of these values; only what still is so is taken back then."""
    tickets = [[key, dict(values), dict((changed or {}).get(key, {}))] for key, values in before.items()]
    return signing.dumps([actor.person_id, tickets], salt=_SALT, compress=True)


def take_back(portal: Portal, *, token: str, actor: Actor) -> list[int]:
    """Write the values of a token back; the tickets of which any was left. Raises `NotFound` for a token that is forged, too old, or
    somebody else's.
    """
    try:
        person_id, tickets = signing.loads(token, salt=_SALT, max_age=_MAX_AGE_SECONDS)
    except signing.BadSignature:
        raise NotFound from None
    if person_id != actor.person_id:
        raise NotFound
    return [
        ticket_id for ticket_id, before, changed in tickets if _write_back(portal, ticket_id, before, changed, actor)
    ]


def _write_back(
    portal: Portal, ticket_id: int, before: Mapping[str, Any], changed: Mapping[str, Any], actor: Actor
) -> bool:
    now = values_before(portal, [ticket_id], list(changed)).get(ticket_id, {})
    values = {name: value for name, value in before.items() if name not in changed or now.get(name) == changed[name]}
    if values:
        update_tickets(portal, ticket_ids=[ticket_id], values=values, actor=actor)
    return bool(values)


def _value(ticket: Ticket, name: str) -> Any:
    if name == "status":
        return ticket.status.name
    if name.startswith(PREFIX):
        return ticket.custom.get(name)
    value = getattr(ticket, FIELDS_BY_NAME[name].column)
    return value.isoformat() if hasattr(value, "isoformat") else value
