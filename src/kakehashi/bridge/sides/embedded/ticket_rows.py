"""A Desk ticket as a line of a list."""

from typing import Literal, cast

from kakehashi.bridge.sides.tickets import TicketRow
from kakehashi.desk.tickets.fields import CHANNELS
from kakehashi.desk.tickets.models import Ticket


def row_of(ticket: Ticket) -> TicketRow:
    return TicketRow(
        id=ticket.pk,
        number=ticket.number,
        subject=ticket.subject,
        status=ticket.status.name,
        status_label=ticket.status.label,
        status_type=cast("Literal['Open', 'On Hold', 'Closed']", ticket.status.type),
        priority=ticket.priority,
        channel=CHANNELS.get(ticket.channel, ticket.channel),
        department=ticket.department.name,
        contact_name=ticket.contact.name if ticket.contact else "",
        account_name=ticket.account.account_name if ticket.account else "",
        assignee_name=ticket.assignee.person.name if ticket.assignee else "",
        is_our_turn=ticket.is_our_turn,
        is_escalated=ticket.is_escalated,
        created_at=ticket.created_at,
        last_activity_at=ticket.last_activity_at,
        last_activity=ticket.last_activity,
        product=ticket.product.product_name if ticket.product else "",
        due_at=ticket.due_at,
        closed_at=ticket.closed_at,
        rating=ticket.rating,
    )
