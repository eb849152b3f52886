"""What a ticket has that another department does not show, and what that one asks for."""

from collections.abc import Sequence
from dataclasses import dataclass

from kakehashi.core.errors import Text
from kakehashi.desk.portals.models import Department, Portal
from kakehashi.desk.portals.queries import agents_seeing
from kakehashi.desk.ticket_fields.cleaning import shown
from kakehashi.desk.ticket_fields.queries import LaidOut, label_of, layout_of
from kakehashi.desk.tickets.fields import FIELDS_BY_NAME, LABELS
from kakehashi.desk.tickets.models import Ticket


@dataclass(frozen=True, slots=True)
class Fitting:
    """`hidden`: (label, value) that keep their value out of sight; `missing`: labels that must be filled in there."""

    hidden: Sequence[tuple[Text, str]]
    missing: Sequence[Text]
    assignee_is_elsewhere: bool

    @property
    def is_smooth(self) -> bool:
        return not (self.hidden or self.missing or self.assignee_is_elsewhere)


def what_does_not_fit(portal: Portal, ticket: Ticket, target: Department) -> Fitting:
    layout = layout_of(portal, target)
    layout = [one for one in layout if one.name != "teamId"]  # a team never goes along
    hidden = [(label_of(one, LABELS), text) for one in layout if not one.is_shown and (text := _text(ticket, one))]
    missing = [label_of(one, LABELS) for one in layout if one.is_required and not _text(ticket, one)]
    return Fitting(hidden, missing, _is_elsewhere(ticket, target))


def _text(ticket: Ticket, field: LaidOut) -> str:
    if field.schema:
        return shown(field.schema, ticket.custom.get(field.name))
    value = getattr(ticket, FIELDS_BY_NAME[field.name].column)
    if field.name == "productId":
        return ticket.product.product_name if ticket.product else ""
    return "" if value is None else str(value)


def _is_elsewhere(ticket: Ticket, target: Department) -> bool:
    """An assignee who was given departments, and not this one, would not see the ticket any more."""
    assignee = ticket.assignee
    return assignee is not None and not agents_seeing(ticket.portal, target.pk).filter(pk=assignee.pk).exists()
