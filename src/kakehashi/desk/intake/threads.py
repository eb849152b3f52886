"""Which ticket a mail belongs to, and whether whoever sent it has a part in that ticket."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

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


@dataclass(frozen=True, slots=True)
class Clue:
    """What a mail itself says of where it belongs, the strongest first: what it answers, a ticket's mark, a number in the subject."""

    message_ids: tuple[str, ...] = ()
    marks: tuple[Mark, ...] = ()
    number: int | None = None


def clue_in(portal: Portal, mail: ParsedMail, recipients: Iterable[str], body: str) -> Clue:
    """Pure but for the portal's key. A mark in an address counts more than one in the text."""
    addresses = [address.address for address in (*mail.to, *mail.cc, *mail.delivered_to)]
    marks = marks_in(portal, " ".join([*recipients, *addresses])) or marks_in(portal, body)
    number = _NUMBER.search(mail.subject)
    return Clue(mail.thread_ids[:_MOST_IDS], tuple(marks), int(number[1] or number[2]) if number else None)


@dataclass(frozen=True, slots=True)
class Threads:
    """The tickets that the clues of some mails lead to."""

    by_message: Mapping[str, int] = field(default_factory=dict)
    tickets: Mapping[int, Ticket] = field(default_factory=dict)
    by_number: Mapping[int, Ticket] = field(default_factory=dict)

    @classmethod
    def of(cls, portal: Portal, clues: Sequence[Clue]) -> "Threads":
        """Two queries, and one for each time that merged tickets were merged further."""
        ids = {message_id for clue in clues for message_id in clue.message_ids}
        mails = Message.objects.filter(portal=portal, message_id__in=ids)
        by_message = dict(mails.values_list("message_id", "ticket_id")) if ids else {}
        wanted = {*by_message.values(), *(mark.ticket_id for clue in clues for mark in clue.marks[:1])}
        numbers = {clue.number for clue in clues if clue.number is not None}
        rows = Ticket.objects.filter(portal=portal).select_related("contact", "status").defer("contact__search")
        found = _found(rows.filter(Q(pk__in=wanted) | Q(number__in=numbers))) if wanted or numbers else {}
        by_number = {ticket.number: ticket for ticket in found.values()}
        for _step in range(_MOST_MERGES):
            missing = {one.merged_into_id for one in found.values() if one.merged_into_id} - found.keys()
            if not missing:
                break
            found |= _found(rows.filter(pk__in=missing))
        for ticket in found.values():
            ticket.portal = portal
        return cls(by_message, found, by_number)

    def find(self, clue: Clue) -> Thread | None:
        own_mark = next((mark for mark in clue.marks if mark.person_id is not None), None)
        for message_id in clue.message_ids:
            if ticket := self._live(self.tickets.get(self.by_message.get(message_id, 0))):
                mark = own_mark if own_mark and own_mark.ticket_id == ticket.pk else None
                return Thread(ticket, Evidence.REFERENCE, mark)
        if clue.marks and (ticket := self._live(self.tickets.get(clue.marks[0].ticket_id))):
            return Thread(ticket, Evidence.TOKEN, own_mark)
        if clue.number is not None and (ticket := self._live(self.by_number.get(clue.number))):
            return Thread(ticket, Evidence.NUMBER)
        return None

    def _live(self, ticket: Ticket | None) -> Ticket | None:
        """A ticket in the recycle bin takes no mail: what comes for it must be seen. What comes for a merged one goes to the survivor."""
        for _step in range(_MOST_MERGES):
            if ticket is None or ticket.merged_into_id is None:
                break
            ticket = self.tickets.get(ticket.merged_into_id)
        return ticket if ticket is not None and ticket.deleted_at is None else None


def takes_part(ticket: Ticket, address: str, agents: Mapping[str, int]) -> bool:
    """The contact, whoever wrote or was written to in the ticket, and our agents."""
    normal = normal_email(address)
    if not normal:
        return False
    contact = ticket.contact
    if contact is not None and normal in contact.emails_normal:
        return True
    if normal == normal_email(ticket.email):
        return True
    return normal in agents or normal in _written(ticket)


def people_by_address(portal: Portal) -> dict[str, int]:
    """Everybody with an active seat, by their normalised address."""
    people = active_agents(portal).values_list("person__email", "person_id")
    return {normal: person_id for email, person_id in people if (normal := normal_email(email))}


def _found(rows: QuerySet[Ticket]) -> dict[int, Ticket]:
    return {ticket.pk: ticket for ticket in rows}


def _written(ticket: Ticket) -> set[str]:
    mails = Message.objects.filter(ticket=ticket).exclude(state=MessageState.WITHDRAWN)
    rows = mails.values_list("sender", "to", "cc", "forwarded_by")
    texts = [text for sender, to, cc, forwarded_by in rows for text in (sender, *to, *cc, forwarded_by) if text]
    return set(plain_addresses(parse_addresses(texts)))
