"""What a change of fields means for a ticket: its clock times, whose turn it is, and what the history shows."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from kakehashi.core.actors import Actor
from kakehashi.core.errors import InvalidValues, NotAllowed
from kakehashi.desk.portals.models import Agent, Department, Portal
from kakehashi.desk.portals.rights import agent_of, require_right, rights_of_actor
from kakehashi.desk.teams.models import Team
from kakehashi.desk.ticket_fields.cleaning import merged

from .fields import TICKET_FIELDS
from .models import Status, StatusType, Ticket

_NAMES = {info.column: info.api_name for info in TICKET_FIELDS}
_RELATIONS = {
    "status_id": "status", "assignee_id": "assignee", "department_id": "department", "product_id": "product",
    "contact_id": "contact", "account_id": "account", "team_id": "team",
}  # fmt: skip


def require_assignment(portal: Portal, actor: Actor, old: int | None, new: int | None) -> None:
    """An agent may take a ticket, or give up their own; giving it to somebody else is for administrators (spec P2)."""
    if old == new or (rights := rights_of_actor(portal, actor)).may_assign:
        return
    require_right(rights, "may_update")
    own = agent_of(portal, actor)
    if own is None or new not in {own.pk, None} or (new is None and old != own.pk):
        require_right(rights, "may_assign")
        raise NotAllowed


def apply_values(ticket: Ticket, columns: Mapping[str, Any], *, at: datetime) -> dict[str, list[Any]]:
    """Set cleaned columns in memory; answers {api name: [old, new]} in words, of those that differ. Raises `InvalidValues`."""
    changes: dict[str, list[Any]] = {}
    columns = _with_team_that_fits(ticket, _with_account_of_new_contact(ticket, columns))
    for column, new in columns.items():
        if column == "custom":
            changes |= _apply_custom(ticket, new)
            continue
        if getattr(ticket, column) == new:
            continue
        old = _readable(ticket, column)
        setattr(ticket, column, new)
        changes[_NAMES[column]] = [old, _readable(ticket, column)]
    if "status" in changes:
        follow_status(ticket, at)
    return changes


def _apply_custom(ticket: Ticket, given: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Only the given fields change."""
    before = ticket.custom
    ticket.custom = merged(before, given)
    return {
        name: [before.get(name), ticket.custom.get(name)]
        for name in given
        if before.get(name) != ticket.custom.get(name)
    }


def follow_status(ticket: Ticket, at: datetime) -> None:
    """What a status that has just been set means for the rest of the ticket."""
    is_closed = ticket.status.type == StatusType.CLOSED
    if is_closed and ticket.closed_at is None:
        ticket.closed_at = at
        ticket.resolution_seconds = max(0, int((at - ticket.created_at).total_seconds()))
        ticket.is_our_turn, ticket.is_escalated = False, False
        ticket.last_activity, ticket.last_activity_at = "closed", max(at, ticket.last_activity_at)
    elif not is_closed and ticket.closed_at is not None:
        ticket.closed_at, ticket.resolution_seconds = None, None
        ticket.reopen_count += 1
        ticket.is_our_turn = True
        ticket.last_activity, ticket.last_activity_at = "reopened", max(at, ticket.last_activity_at)
    if ticket.status.name == "Escalated":
        ticket.is_escalated = True


def note_answer(ticket: Ticket, at: datetime, *, is_forward: bool = False) -> None:
    """We have written; a forward leaves the customer's turn as it is."""
    ticket.message_count += 1
    if not is_forward:
        if ticket.first_responded_at is None:
            ticket.first_responded_at = at
            ticket.first_response_seconds = max(0, int((at - ticket.created_at).total_seconds()))
        ticket.is_our_turn = False
    _note_activity(ticket, "forwarded" if is_forward else "replied", at)


def note_customer_wrote(ticket: Ticket, at: datetime) -> None:
    ticket.message_count += 1
    ticket.is_our_turn = True
    _note_activity(ticket, "answered", at)


def note_comment(ticket: Ticket, at: datetime) -> None:
    ticket.comment_count += 1
    _note_activity(ticket, "commented", at)


def _note_activity(ticket: Ticket, what: str, at: datetime) -> None:
    if at >= ticket.last_activity_at:
        ticket.last_activity, ticket.last_activity_at = what, at


def _with_account_of_new_contact(ticket: Ticket, columns: Mapping[str, Any]) -> dict[str, Any]:
    """Another customer brings their own account along, unless one is chosen; it shows as a change of its own."""
    columns = dict(columns)
    wanted = columns.get("contact_id")
    if ticket.pk and wanted and wanted != ticket.contact_id and "account_id" not in columns:
        from kakehashi.desk.customers.models import Contact

        columns["account_id"] = Contact.objects.values_list("account_id", flat=True).get(pk=wanted)
    return columns


def _with_team_that_fits(ticket: Ticket, columns: dict[str, Any]) -> dict[str, Any]:
    """A team works in one department: a ticket that moves to another leaves its team, which shows as a change of its own."""
    department = columns.get("department_id", ticket.department_id)
    team_id = columns.get("team_id", ticket.team_id)
    if team_id is None or (team_id == ticket.team_id and department == ticket.department_id):
        return columns
    if Team.objects.filter(pk=team_id, department_id=department).exists():
        return columns
    if columns.get("team_id") not in (None, ticket.team_id):
        raise InvalidValues({"teamId": _("This team belongs to another department.")})
    return {**columns, "team_id": None}


def _readable(ticket: Ticket, column: str) -> Any:
    """How a value stands in the history: a name rather than an id, since names are what people remember."""
    value = getattr(ticket, column)
    if value is None or column == "description_html":
        return ""
    if column in _RELATIONS:
        related: Status | Agent | Department = getattr(ticket, _RELATIONS[column])
        return related.name
    return value.isoformat() if isinstance(value, date) else value
