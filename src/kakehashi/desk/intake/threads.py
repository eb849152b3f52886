"""Which ticket a mail belongs to, and whether whoever sent it has a part in that ticket."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Q

from kakehashi.core.normalise.email import normal_email
from kakehashi.desk.conversations.addresses import parse_addresses
from kakehashi.desk.conversations.models import Message, MessageState
from kakehashi.desk.mailbox.marks import Mark, marks_in
from kakehashi.desk.parsing.headers import plain_addresses
from kakehashi.desk.parsing.mail import ParsedMail
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.portals.queries import active_agents
from kakehashi.desk.tickets.models import Ticket

from .models import Evidence

_NUMBER = re.compile(r"\[#(\d{3,15})\]|［[#＃](\d{3,15})］")
_MOST_IDS = 50
_MOST_MERGES = 20


@dataclass(frozen=True, slots=True)
class Thread:
    """`mark` is a colleague's own, when the mail carries one."""

    ticket: Ticket
    evidence: Evidence
    mark: Mark | None = None


def find_thread(portal: Portal, mail: ParsedMail, recipients: tuple[str, ...], body: str) -> Thread | None:
    """The strongest evidence first: what it answers, the ticket's mark in an address or the text, the number in the subject."""
    addresses = [address.address for address in (*mail.to, *mail.cc, *mail.delivered_to)]
    marks = marks_in(portal, " ".join([*recipients, *addresses])) or marks_in(portal, body)
    own_mark = next((mark for mark in marks if mark.person_id is not None), None)
    if ticket := _answered(portal, mail):
        return Thread(ticket, Evidence.REFERENCE, own_mark if own_mark and own_mark.ticket_id == ticket.pk else None)
    if marks and (ticket := _live(portal, Q(pk=marks[0].ticket_id))):
        return Thread(ticket, Evidence.TOKEN, own_mark)
    if (number := _NUMBER.search(mail.subject)) and (ticket := _live(portal, Q(number=number[1] or number[2]))):
        return Thread(ticket, Evidence.NUMBER)
    return None


def takes_part(ticket: Ticket, address: str, agents: Mapping[str, int]) -> bool:
    """The contact, whoever wrote or was written to in the ticket, and our agents."""
    normal = normal_email(address)
    if not normal:
        return False
    contact = ticket.contact
    if contact is not None and normal in {contact.email_normal, contact.secondary_email_normal}:
        return True
    if normal == normal_email(ticket.email):
        return True
    return normal in agents or normal in _written(ticket)


def people_by_address(portal: Portal) -> dict[str, int]:
    """Everybody with an active seat, by their normalised address."""
    people = active_agents(portal).values_list("person__email", "person_id")
    return {normal: person_id for email, person_id in people if (normal := normal_email(email))}


def _answered(portal: Portal, mail: ParsedMail) -> Ticket | None:
    ids = mail.thread_ids[:_MOST_IDS]
    if not ids:
        return None
    found = dict(Message.objects.filter(portal=portal, message_id__in=ids).values_list("message_id", "ticket_id"))
    for message_id in ids:
        if message_id in found and (ticket := _live(portal, Q(pk=found[message_id]))):
            return ticket
    return None


def _live(portal: Portal, which: Q) -> Ticket | None:
    """A ticket in the recycle bin takes no mail: what comes for it must be seen. What comes for a merged one goes to the survivor."""
    tickets = Ticket.objects.filter(portal=portal).select_related("contact").defer("search", "contact__search")
    ticket = tickets.filter(which).first()
    for _step in range(_MOST_MERGES):
        if ticket is None or ticket.merged_into_id is None:
            break
        ticket = tickets.filter(pk=ticket.merged_into_id).first()
    if ticket is not None and ticket.deleted_at is not None:
        return None
    if ticket is not None:
        ticket.portal = portal
    return ticket


def _written(ticket: Ticket) -> set[str]:
    mails = Message.objects.filter(ticket=ticket).exclude(state=MessageState.WITHDRAWN)
    rows = mails.values_list("sender", "to", "cc", "forwarded_by")
    texts = [text for sender, to, cc, forwarded_by in rows for text in (sender, *to, *cc, forwarded_by) if text]
    return set(plain_addresses(parse_addresses(texts)))
