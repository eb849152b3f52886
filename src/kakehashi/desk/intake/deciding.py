"""What becomes of mails. Runs inside the transaction that holds their rows.

Mails that have nothing to do with each other (`reading.first_round`) are decided together: what is known of all of them is read at
once, each is judged, and then tickets, messages and events are written in bulk.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kakehashi.core.actors import Actor
from kakehashi.core.normalise.email import normal_email
from kakehashi.desk.conversations.addresses import Address
from kakehashi.desk.conversations.incoming import IncomingText
from kakehashi.desk.conversations.opening import OpeningMail, open_ticket_by_mail, open_tickets_by_mail
from kakehashi.desk.conversations.receiving import Answer, receive_mails
from kakehashi.desk.conversations.uploads import NewFile
from kakehashi.desk.customers.matching import find_senders
from kakehashi.desk.customers.models import Contact
from kakehashi.desk.mailbox.marks import message_of_stamp
from kakehashi.desk.parsing.mail import ParsedMail, Unreadable
from kakehashi.desk.parsing.reports import STAMP
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.records.storing import update_rows
from kakehashi.desk.tickets.actions import lock_tickets

from .floods import Floods
from .forwards import original_sender
from .guards import Around, reason_to_ignore
from .house import House
from .models import IncomingMail, MailState, Reason
from .reading import ReadMail, read_mail, text_of, threads_of
from .single import actor_for, comment_as_colleague, note_report, put
from .taking import raw_of
from .threads import Thread, Threads, takes_part

_LONGEST_ADDRESS = 254


@dataclass(slots=True)
class _Plan:
    """What is known of mails that are decided together, and what is to be written for them."""

    house: House
    threads: Threads
    floods: Floods
    answers: list[tuple[ReadMail, ParsedMail, Thread]] = field(default_factory=list)
    openings: list[tuple[ReadMail, ParsedMail]] = field(default_factory=list)


def decide(mail: IncomingMail, house: House) -> None:
    """Files, ignores or quarantines the mail, and stores what was decided."""
    read = read_mail(mail, house)
    decide_all([read], threads_of(house, [read]), house)


def decide_all(read: Sequence[ReadMail], threads: Threads, house: House) -> None:
    """The same for mails that have nothing to do with each other. `threads` are those that they lead to."""
    mails = [one.mail for one in read]
    found = [thread.ticket.pk for one in read if (thread := threads.find(one.clue))]
    plan = _Plan(house, threads, Floods.around(mails, found))
    for one in read:
        _judge(one, plan)
    if plan.answers and plan.openings:
        _lock_in_order(plan)
    _write_answers(plan)
    _write_openings(plan)
    update_rows(IncomingMail, mails, _DECIDED)


def file_unreadable(mail: IncomingMail, house: House) -> None:
    """A person wants a ticket of bytes that are no mail: they become its attachment."""
    file = NewFile("mail.eml", "message/rfc822", raw_of(mail))
    text = IncomingText(sender=mail.sender or "?", subject=mail.subject, text="", uploads=[file])
    department = house.department_of(mail, None)
    mail.ticket, mail.message = open_ticket_by_mail(department, text, contact=None, actor=actor_for("?"))
    put(mail, MailState.FILED, Reason.BY_HAND)
    update_rows(IncomingMail, [mail], _DECIDED)


def _judge(one: ReadMail, plan: _Plan) -> None:
    mail, parsed, is_by_hand = one.mail, one.parsed, plan.house.is_by_hand
    if isinstance(parsed, Unreadable):
        put(mail, MailState.QUARANTINED, Reason(parsed.reason), parsed.detail)
    elif parsed.report is not None and not is_by_hand:
        note_report(mail, parsed.report, plan.house.portal)
    elif not is_by_hand and (reason := _reason_to_stop(mail, parsed, plan)):
        state = MailState.QUARANTINED if reason in {Reason.BAD_SENDER, Reason.TOO_MANY} else MailState.IGNORED
        if state == MailState.IGNORED and (thread := plan.threads.find(one.said_outside)):
            mail.ticket = thread.ticket  # so that whoever reads the ticket can find the absence note that came for it
        put(mail, state, reason)
    else:
        _judge_where(one, parsed, plan)


def _reason_to_stop(mail: IncomingMail, parsed: ParsedMail, plan: _Plan) -> Reason | None:
    house = plan.house
    stamp = parsed.headers.get(STAMP.lower(), "")
    if stamp and message_of_stamp(house.portal, stamp) is not None:
        return Reason.OWN_MAIL
    around = Around(house.own, tuple(mail.recipients), mail.envelope_sender)
    if reason := reason_to_ignore(parsed, around):
        return reason
    if not _has_address(parsed):
        return Reason.BAD_SENDER
    return Reason.TOO_MANY if plan.floods.is_sender_too_busy(mail) else None


def _judge_where(one: ReadMail, parsed: ParsedMail, plan: _Plan) -> None:
    mail, house = one.mail, plan.house
    thread = plan.threads.find(one.clue)
    if thread is not None and takes_part(thread.ticket, parsed.sender.address, house.agents):
        mail.ticket = thread.ticket
        if not house.is_by_hand and plan.floods.is_ticket_too_busy(thread.ticket.pk, mail):
            put(mail, MailState.QUARANTINED, Reason.TOO_MANY_IN_TICKET)
            return
        plan.answers.append((one, parsed, thread))
    else:
        if thread is not None:
            mail.suggested_ticket, mail.evidence = thread.ticket, thread.evidence
        plan.openings.append((one, parsed))
    plan.floods.note(mail)


def _lock_in_order(plan: _Plan) -> None:
    """Tickets before the portal's next number, both before any figures, as everybody does: nobody waits for us in a circle."""
    portal = plan.house.portal
    lock_tickets(portal, [thread.ticket.pk for _one, _parsed, thread in plan.answers])
    Portal.objects.select_for_update().get(pk=portal.pk)


def _write_answers(plan: _Plan) -> None:
    house = plan.house
    theirs: list[tuple[IncomingMail, Answer]] = []
    for one, parsed, thread in plan.answers:
        person_id = house.agents.get(normal_email(parsed.sender.address))
        if person_id is not None and thread.mark is not None and thread.mark.person_id == person_id:
            comment_as_colleague(one.mail, thread.ticket, text_of(parsed), person_id)
        else:
            actor = actor_for(parsed.sender.label)
            theirs.append((one.mail, Answer(thread.ticket, text_of(parsed), actor, one.mail.received_at)))
    messages = receive_mails(house.portal, [answer for _mail, answer in theirs])
    for (mail, _answer), message in zip(theirs, messages, strict=True):
        mail.message = message
        put(mail, MailState.FILED, Reason.BY_HAND if house.is_by_hand else Reason.ANSWER)


def _write_openings(plan: _Plan) -> None:
    house = plan.house
    customers: list[tuple[Address, Actor]] = []
    for one, parsed in plan.openings:
        is_colleague = normal_email(parsed.sender.address) in house.agents
        if is_colleague and (original := original_sender(parsed, one.plain)):
            one.mail.original_sender = str(original)[:400]
        if not is_colleague and _has_address(parsed):
            customers.append((parsed.sender, actor_for(parsed.sender.label)))
    contacts = find_senders(house.portal, customers)
    openings = [_opening(one.mail, parsed, contacts, house) for one, parsed in plan.openings]
    made = open_tickets_by_mail(house.portal, openings)
    for (one, _parsed), (ticket, message) in zip(plan.openings, made, strict=True):
        one.mail.ticket, one.mail.message = ticket, message
        put(one.mail, MailState.FILED, Reason.BY_HAND if house.is_by_hand else Reason.NEW_TICKET)


def _opening(mail: IncomingMail, parsed: ParsedMail, contacts: Mapping[Address, Contact], house: House) -> OpeningMail:
    return OpeningMail(
        house.department_of(mail, parsed),
        text_of(parsed),
        contacts.get(parsed.sender),
        actor_for(parsed.sender.label),
        mail.received_at,
    )


def _has_address(parsed: ParsedMail) -> bool:
    return bool(normal_email(parsed.sender.address)) and len(parsed.sender.address) <= _LONGEST_ADDRESS


_DECIDED = (
    "state", "reason", "detail", "decided_at", "decided_by", "ticket", "message", "comment", "suggested_ticket", "evidence",
    "original_sender",
)  # fmt: skip
