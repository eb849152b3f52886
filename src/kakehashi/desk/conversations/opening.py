"""A mail opens a ticket: one event, "opened", with the mail as its first message."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from kakehashi.core import clock
from kakehashi.core.actors import Actor
from kakehashi.desk.customers.models import Contact
from kakehashi.desk.portals.models import Department, Portal
from kakehashi.desk.tickets.models import Ticket
from kakehashi.desk.tickets.opening import Opening, open_tickets

from .addresses import parse_address
from .incoming import Incoming, IncomingText, keep_files, store_incoming
from .models import Message


@dataclass(frozen=True, slots=True)
class OpeningMail:
    """Without a contact the ticket is for nobody yet, but the sender's address stands on it."""

    department: Department
    mail: IncomingText
    contact: Contact | None
    actor: Actor
    at: datetime
    values: Mapping[str, Any] = field(default_factory=dict)


def open_ticket_by_mail(
    department: Department,
    mail: IncomingText,
    *,
    contact: Contact | None,
    values: Mapping[str, Any] | None = None,
    actor: Actor,
    at: datetime | None = None,
) -> tuple[Ticket, Message]:
    """In the caller's transaction."""
    opening = OpeningMail(department, mail, contact, actor, at or clock.now(), values or {})
    return open_tickets_by_mail(department.portal, [opening])[0]


def open_tickets_by_mail(portal: Portal, openings: Sequence[OpeningMail]) -> list[tuple[Ticket, Message]]:
    """One ticket for each, in the order given; as many statements for many as for one."""
    if not openings:
        return []
    kept = keep_files(portal, [(one.mail, one.actor) for one in openings])
    tickets = open_tickets(portal, [_opening(one) for one in openings])
    incoming = [Incoming(ticket, files, one.at) for ticket, files, one in zip(tickets, kept, openings, strict=True)]
    return list(zip(tickets, store_incoming(incoming), strict=True))


def _opening(one: OpeningMail) -> Opening:
    sender = parse_address(one.mail.sender)
    return Opening(
        department=one.department,
        subject=one.mail.subject or _without_subject(one.department.portal),
        actor=one.actor,
        contact=one.contact,
        values={"channel": "Email", "email": sender.address[:254] if sender.is_valid else "", **one.values},
        opening_text=one.mail.text or one.mail.html,
        at=one.at,
    )


def _without_subject(portal: Portal) -> str:
    with override(portal.language):
        return _("(no subject)")
