"""Queueing notices, in the transaction of whatever they tell of."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from email.utils import make_msgid
from typing import Any

from kakehashi.core import clock
from kakehashi.core.normalise.email import normal_email
from kakehashi.desk.mailbox.sender import domain_of_sender
from kakehashi.desk.tickets.models import Ticket
from kakehashi.identity.people.models import Person

from .jobs import send_notice_later
from .models import Notice


def notify_people(ticket: Ticket, *, people: Iterable[Person], kind: str, data: Mapping[str, Any]) -> list[Notice]:
    """One mail each, in the reader's own language."""
    wanted = {person.pk: person for person in people if normal_email(person.email)}
    return [
        _queue(
            ticket, person=person, address=person.email, language=person.language, kind=kind, data=data, at=clock.now()
        )
        for person in wanted.values()
    ]


def notify_customer(
    ticket: Ticket, *, language: str, kind: str, data: Mapping[str, Any], at: datetime | None = None
) -> Notice | None:
    """To the address that stands on the ticket, not before `at`. None where there is none."""
    if not normal_email(ticket.email):
        return None
    return _queue(
        ticket, person=None, address=ticket.email, language=language, kind=kind, data=data, at=at or clock.now()
    )


def _queue(
    ticket: Ticket,
    *,
    person: Person | None,
    address: str,
    language: str,
    kind: str,
    data: Mapping[str, Any],
    at: datetime,
) -> Notice:
    notice = Notice.objects.create(
        portal_id=ticket.portal_id,
        ticket=ticket,
        person=person,
        address=address,
        language=language,
        kind=kind,
        data=dict(data),
        message_id=make_msgid(domain=domain_of_sender(ticket.department)),
        send_after=at,
    )
    send_notice_later(notice)
    return notice
