"""The fields of a ticket beside its conversation, each changed in place by who may."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from kakehashi.bridge.sides.records import Value
from kakehashi.bridge.sides.tickets import Choice, TicketDetail, TicketField
from kakehashi.core import clock
from kakehashi.core.errors import Text
from kakehashi.ui.templatetags.ui_words import moment

from .access import RecordTickets

# Shown in this order; the others follow under "more" and in the update dialog.
FIRST = ("assigneeId", "status", "priority", "dueDate", "departmentId", "classification", "productId", "channel")


@dataclass(frozen=True, slots=True)
class PropertyRow:
    """`value` as an input sends it, `text` as people read it."""

    field: TicketField
    value: str
    text: Text
    is_editable: bool
    is_late: bool = False

    @property
    def kind(self) -> str:
        if self.field.choices:
            return "choice"
        return {"datetime": "datetime-local", "date": "date", "boolean": "boolean", "email": "email"}.get(
            self.field.type, "text"
        )


def property_rows(detail: TicketDetail, tickets: RecordTickets) -> Sequence[PropertyRow]:
    """The fields that this person may set, as controls; for the others, what is worth reading."""
    fields = {field.api_name: field for field in tickets.desk.ticket_fields(tickets.actor)}
    return [_row(fields[name], detail) for name in FIRST if name in fields]


def _row(field: TicketField, detail: TicketDetail) -> PropertyRow:
    value = detail.values.get(field.api_name)
    choices = _with_present(field, value, detail)
    return PropertyRow(
        field=TicketField(field.api_name, field.label, field.type, field.is_required, choices),
        value=as_input(value),
        text=moment(value) if isinstance(value, datetime) else _label(choices, value),
        is_editable=detail.rights.may_update and not _is_fixed(field, value),
        is_late=field.api_name == "dueDate" and detail.row.closed_at is None and _is_past(value),
    )


def in_order(fields: Sequence[TicketField]) -> Sequence[TicketField]:
    """What is changed most often first."""
    places = {name: place for place, name in enumerate(FIRST)}
    return sorted(fields, key=lambda field: places.get(field.api_name, len(places)))


def as_input(value: Value) -> str:
    """A value as a form control sends it."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%Y-%m-%dT%H:%M")
    return str(value)


def _is_past(value: Value) -> bool:
    return isinstance(value, datetime) and value < clock.now()


def _is_fixed(field: TicketField, value: Value) -> bool:
    """A ticket of somebody else stays theirs for who may not assign: they are not among the choices."""
    offered = {choice.value for choice in field.choices}
    return field.api_name == "assigneeId" and value is not None and str(value) not in offered


def _with_present(field: TicketField, value: Value, detail: TicketDetail) -> tuple[Choice, ...]:
    """What stands there now is always among the choices, so that saving another field never changes it."""
    if not field.choices or value in (None, "") or any(choice.value == str(value) for choice in field.choices):
        return field.choices
    name = detail.row.assignee_name if field.api_name == "assigneeId" else str(value)
    return (Choice(str(value), name), *field.choices)


def _label(choices: Sequence[Choice], value: Value) -> Text:
    return next((choice.label for choice in choices if choice.value == str(value)), "" if value is None else str(value))
