"""What customers write becomes part of their tickets."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from kakehashi.core.actors import Actor
from kakehashi.core.events.log import Fact, write_facts_of
from kakehashi.desk.deadlines.following import follow_clocks
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.statuses.queries import first_status
from kakehashi.desk.ticket_search.actions import add_words
from kakehashi.desk.tickets.actions import lock_tickets, save_tickets
from kakehashi.desk.tickets.changes import apply_values, note_customer_wrote
from kakehashi.desk.tickets.models import StatusType, Ticket
from kakehashi.desk.tickets.tallies import kept_figures

from .incoming import Incoming, IncomingText, keep_files, store_incoming
from .models import Message
from .telling import tell


@dataclass(frozen=True, slots=True)
class Answer:
    """A mail for a ticket, from `actor`."""

    ticket: Ticket
    mail: IncomingText
    actor: Actor
    at: datetime


@transaction.atomic
def receive_mails(portal: Portal, answers: Sequence[Answer]) -> list[Message]:
    """Mails become parts of tickets of a portal, in the order given; closed ones open again. As many statements for many as for one."""
    if not answers:
        return []
    kept = keep_files(portal, [(one.mail, one.actor) for one in answers])
    tickets = {ticket.pk: ticket for ticket in lock_tickets(portal, [one.ticket.pk for one in answers])}
    incoming = [Incoming(tickets[one.ticket.pk], files, one.at) for one, files in zip(answers, kept, strict=True)]
    messages = store_incoming(incoming)
    add_words(portal.pk, [(message.ticket_id, message.text) for message in messages])
    _note_customers_wrote(portal, list(tickets.values()), incoming)
    write_facts_of([(_answered(message), one.actor) for message, one in zip(messages, answers, strict=True)])
    return messages


def _answered(message: Message) -> Fact:
    ticket = message.ticket
    return Fact(ticket.portal.tenant, "desk.ticket.answered", "desk.ticket", ticket.pk, {"message": message.pk})


def _note_customers_wrote(portal: Portal, tickets: Sequence[Ticket], incoming: Sequence[Incoming]) -> None:
    with kept_figures(portal, tickets):
        for one in incoming:
            if one.ticket.closed_at is not None:
                _reopen(one.ticket, one.at, one.kept.actor)
            note_customer_wrote(one.ticket, one.at)
        follow_clocks(portal, tickets)
        save_tickets(tickets)


def _reopen(ticket: Ticket, moment: datetime, actor: Actor) -> None:
    first_open = first_status(ticket.portal, StatusType.OPEN)
    types = [ticket.status.type, first_open.type]
    changes = apply_values(ticket, {"status_id": first_open.pk}, at=moment)
    tell(ticket, "reopened", {"changes": changes, "status_types": types}, actor)
