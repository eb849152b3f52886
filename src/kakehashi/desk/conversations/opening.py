"""A mail opens a ticket: one event, "opened", with the mail as its first message."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from kakehashi.core import clock
from kakehashi.core.actors import Actor
from kakehashi.desk.customers.models import Contact
from kakehashi.desk.portals.models import Department
from kakehashi.desk.tickets.actions import open_ticket
from kakehashi.desk.tickets.models import Ticket

from .addresses import parse_address
from .incoming import IncomingText, store_incoming
from .models import Message


def open_ticket_by_mail(
    department: Department,
    mail: IncomingText,
    *,
    contact: Contact | None,
    values: Mapping[str, Any] | None = None,
    actor: Actor,
    at: datetime | None = None,
) -> tuple[Ticket, Message]:
    """In the caller's transaction. Without a contact it is for nobody yet, but the sender's address stands on it."""
    moment = at or clock.now()
    sender = parse_address(mail.sender)
    ticket = open_ticket(
        department.portal,
        department=department,
        subject=mail.subject or _("(no subject)"),
        contact=contact,
        values={"channel": "Email", "email": sender.address[:254] if sender.is_valid else "", **(values or {})},
        opening_text=mail.text or mail.html,
        actor=actor,
        at=moment,
    )
    message = store_incoming(ticket, mail, actor=actor, at=moment)
    return ticket, message
