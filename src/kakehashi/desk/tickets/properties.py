"""The right column of a ticket: its fields in the order of the department's layout, changed where they stand."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from kakehashi.core import clock
from kakehashi.core.errors import InvalidValues, Text
from kakehashi.core.fields.registry import KINDS
from kakehashi.core.fields.types import FieldType
from kakehashi.desk.portals.access import DeskAccess
from kakehashi.desk.ticket_fields.cleaning import shown
from kakehashi.desk.ticket_fields.queries import LaidOut, shown_fields
from kakehashi.ui.forms.values import value_widget
from kakehashi.ui.properties import Property
from kakehashi.ui.templatetags.ui_words import moment

from .choices import Choices, choices_of
from .fields import FIELDS_BY_NAME
from .models import Ticket


def properties_of(access: DeskAccess, ticket: Ticket, problems: Mapping[str, Text]) -> list[Property]:
    """Without the team where the department has none."""
    is_open = access.rights.may_update and ticket.deleted_at is None
    rows = [
        _own(ticket, one, is_open, problems.get(one.name, ""))
        if one.schema
        else _standard(access, ticket, one.name, is_open, problems.get(one.name, ""))
        for one in shown_fields(access.portal, ticket.department_id)
    ]
    return [row for row in rows if row.name != "teamId" or row.value or len(row.choices) > 1]


def sent_values(access: DeskAccess, ticket: Ticket, data: QueryDict) -> dict[str, Any]:
    """What a form of the column sent. Raises `InvalidValues` where something required would be emptied."""
    values: dict[str, Any] = {name: data[name] for name in FIELDS_BY_NAME if name in data}
    own = data.getlist("own")
    for one in shown_fields(access.portal, ticket.department_id) if own or values else ():
        if one.schema and one.name in own:
            values[one.name] = KINDS[one.schema.type].from_form(data, one.name)
        if one.is_required and one.name in values and values[one.name] in ("", [], None):
            raise InvalidValues({one.name: _("Required.")})
    return values


def _standard(access: DeskAccess, ticket: Ticket, name: str, is_open: bool, problem: Text) -> Property:
    info = FIELDS_BY_NAME[name]
    is_list = info.type in {"picklist", "owner"} or name == "productId"
    choices: Choices = choices_of(access, name, ticket) if is_list else ()
    stored = ticket.status.name if name == "status" else getattr(ticket, info.column)
    value, moment_shown = _written(stored), moment(stored) if isinstance(stored, datetime) else ""
    return Property(
        name=name,
        label=info.label,
        value=value,
        shown=moment_shown or dict(choices).get(value, value),
        type="priority" if name == "priority" else info.type,
        choices=choices,
        is_open=is_open,
        problem=problem,
        is_late=name == "dueDate"
        and ticket.closed_at is None
        and isinstance(stored, datetime)
        and stored < clock.now(),
        key=_KEYS.get(name, ""),
    )


_KEYS = {"assigneeId": "a", "status": "s"}


def _written(stored: object) -> str:
    """As an input sends it."""
    if isinstance(stored, datetime):
        return localtime(stored).strftime("%Y-%m-%dT%H:%M")
    return "" if stored is None else str(stored)


def _own(ticket: Ticket, laid_out: LaidOut, is_open: bool, problem: Text) -> Property:
    schema = laid_out.schema
    if schema is None:
        raise AssertionError
    stored = ticket.custom.get(laid_out.name)
    widget = value_widget(schema, stored)
    kind = KINDS[schema.type]
    value = (stored or []) if schema.type == FieldType.MULTIPICKLIST else kind.to_form(stored)
    attrs = {"id": f"property-{laid_out.name}", "placeholder": "—"} | ({"aria-invalid": "true"} if problem else {})
    return Property(
        name=laid_out.name,
        label=schema.label,
        value=str(value),
        shown=shown(schema, stored),
        type=schema.type,
        choices=(),
        is_open=is_open,
        problem=problem,
        is_own=True,
        input=widget.render(laid_out.name, bool(stored) if schema.type == FieldType.BOOLEAN else value, attrs),
    )
