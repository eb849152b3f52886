"""What becomes of one mail. Runs inside the transaction that holds its row."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import timedelta

from kakehashi.core import clock
from kakehashi.core.actors import Actor
from kakehashi.core.normalise.email import normal_email
from kakehashi.desk.addresses.queries import departments_by_address, forms_of
from kakehashi.desk.conversations.actions import add_comment, receive_mail
from kakehashi.desk.conversations.after_sending import note_bounce
from kakehashi.desk.conversations.html import clean_html, html_of_text, text_of_html
from kakehashi.desk.conversations.incoming import IncomingText
from kakehashi.desk.conversations.models import Direction, Message
from kakehashi.desk.conversations.opening import open_ticket_by_mail
from kakehashi.desk.conversations.quoting import part_quotation, part_quoted_text
from kakehashi.desk.conversations.uploads import NewFile
from kakehashi.desk.customers.matching import find_sender
from kakehashi.desk.customers.models import Contact
from kakehashi.desk.mailbox.marks import message_of_stamp
from kakehashi.desk.parsing.mail import DeliveryReport, MailFile, ParsedMail, Unreadable
from kakehashi.desk.parsing.parser import parse_mail
from kakehashi.desk.parsing.reports import STAMP
from kakehashi.desk.portals.models import Department, Portal
from kakehashi.desk.tickets.models import Ticket
from kakehashi.identity.people.models import Person

from .forwards import original_sender
from .guards import Around, reason_to_ignore, writer_of
from .models import IncomingMail, MailState, Reason
from .taking import raw_of
from .threads import Thread, find_thread, people_by_address, takes_part

_WINDOW = timedelta(minutes=10)
_MOST_OF_SENDER = 60
_MOST_IN_TICKET = 30


@dataclass(frozen=True, slots=True)
class House:
    """What all decisions in a portal need to know. `is_by_hand`: a person says that this mail is to be filed, whatever it is."""

    portal: Portal
    departments: Mapping[str, Department]
    agents: Mapping[str, int]
    is_by_hand: bool = False

    @classmethod
    def of(cls, portal: Portal, *, is_by_hand: bool = False) -> "House":
        return cls(portal, departments_by_address(portal), people_by_address(portal), is_by_hand)

    @property
    def own(self) -> AbstractSet[str]:
        """All addresses of ours, normalised."""
        return self.departments.keys()


def decide(mail: IncomingMail, house: House) -> None:
    """Files, ignores or quarantines the mail, and stores what was decided."""
    raw = raw_of(mail)
    parsed = parse_mail(raw)
    if isinstance(parsed, ParsedMail):
        parsed = replace(parsed, sender=writer_of(parsed, house.own))
    if isinstance(parsed, Unreadable):
        _put(mail, MailState.QUARANTINED, Reason(parsed.reason), parsed.detail)
    elif parsed.report is not None and not house.is_by_hand:
        _note_report(mail, parsed.report)
    elif not house.is_by_hand and (reason := _reason_to_stop(mail, parsed, house)):
        state = MailState.QUARANTINED if reason in {Reason.BAD_SENDER, Reason.TOO_MANY} else MailState.IGNORED
        if state == MailState.IGNORED:
            _name_ticket(mail, parsed, house)
        _put(mail, state, reason)
    else:
        _file(mail, parsed, house)


def file_unreadable(mail: IncomingMail, house: House) -> None:
    """A person wants a ticket of bytes that are no mail: they become its attachment."""
    raw = raw_of(mail)
    file = NewFile("mail.eml", "message/rfc822", raw)
    text = IncomingText(sender=mail.sender or "?", subject=mail.subject, text="", uploads=[file])
    ticket, message = open_ticket_by_mail(
        _department(mail, None, house), text, contact=None, actor=_actor("?"), at=clock.now()
    )
    mail.ticket, mail.message = ticket, message
    _put(mail, MailState.FILED, Reason.BY_HAND)


def _reason_to_stop(mail: IncomingMail, parsed: ParsedMail, house: House) -> Reason | None:
    stamp = parsed.headers.get(STAMP.lower(), "")
    if stamp and message_of_stamp(house.portal, stamp) is not None:
        return Reason.OWN_MAIL
    around = Around(house.own, tuple(mail.recipients), mail.envelope_sender)
    if reason := reason_to_ignore(parsed, around):
        return reason
    if not normal_email(parsed.sender.address) or len(parsed.sender.address) > 254:
        return Reason.BAD_SENDER
    return Reason.TOO_MANY if _is_too_busy(mail) else None


def _is_too_busy(mail: IncomingMail) -> bool:
    same = IncomingMail.objects.filter(
        portal_id=mail.portal_id,
        sender_normal=mail.sender_normal,
        received_at__gt=mail.received_at - _WINDOW,
        received_at__lte=mail.received_at,
        state=MailState.FILED,
    )
    return same.count() >= _MOST_OF_SENDER


def _file(mail: IncomingMail, parsed: ParsedMail, house: House) -> None:
    text = _text_of(parsed)
    plain = parsed.text or text_of_html(clean_html(parsed.html))
    thread = find_thread(house.portal, parsed, tuple(mail.recipients), plain)
    if thread is not None and takes_part(thread.ticket, parsed.sender.address, house.agents):
        if not house.is_by_hand and _is_ticket_too_busy(thread, mail):
            mail.ticket = thread.ticket
            _put(mail, MailState.QUARANTINED, Reason.TOO_MANY_IN_TICKET)
        else:
            _add(mail, parsed, text, thread, house)
        return
    if thread is not None:
        mail.suggested_ticket, mail.evidence = thread.ticket, thread.evidence
    _open(mail, parsed, text, plain, house)


def _is_ticket_too_busy(thread: Thread, mail: IncomingMail) -> bool:
    recent = Message.objects.filter(ticket=thread.ticket, direction=Direction.IN, at__gt=mail.received_at - _WINDOW)
    return recent.count() >= _MOST_IN_TICKET


def _add(mail: IncomingMail, parsed: ParsedMail, text: IncomingText, thread: Thread, house: House) -> None:
    mail.ticket = thread.ticket
    person_id = house.agents.get(normal_email(parsed.sender.address))
    if person_id is not None and thread.mark is not None and thread.mark.person_id == person_id:
        _comment(mail, thread.ticket, text, person_id)
        return
    mail.message = receive_mail(thread.ticket, text, actor=_actor(parsed.sender.label), at=mail.received_at)
    _put(mail, MailState.FILED, Reason.BY_HAND if house.is_by_hand else Reason.ANSWER)


def _comment(mail: IncomingMail, ticket: Ticket, text: IncomingText, person_id: int) -> None:
    """A colleague's answer to a notice that only they got: what they wrote anew, for colleagues. Never for the customer."""
    new = part_quotation(clean_html(text.html))[0] if text.html else html_of_text(part_quoted_text(text.text)[0])
    person = Person.objects.get(pk=person_id)
    mail.comment = add_comment(
        ticket, html=new or "<p>…</p>", uploads=text.uploads, actor=person.as_actor(), at=mail.received_at
    )
    _put(mail, MailState.FILED, Reason.NOTE)


def _open(mail: IncomingMail, parsed: ParsedMail, text: IncomingText, plain: str, house: House) -> None:
    actor = _actor(parsed.sender.label)
    is_colleague = normal_email(parsed.sender.address) in house.agents
    if is_colleague and (original := original_sender(parsed, plain)):
        mail.original_sender = str(original)[:400]
    contact = None if is_colleague else _contact(parsed, house.portal, actor)
    department = _department(mail, parsed, house)
    mail.ticket, mail.message = open_ticket_by_mail(department, text, contact=contact, actor=actor, at=mail.received_at)
    _put(mail, MailState.FILED, Reason.BY_HAND if house.is_by_hand else Reason.NEW_TICKET)


def _contact(parsed: ParsedMail, portal: Portal, actor: Actor) -> Contact | None:
    if not normal_email(parsed.sender.address) or len(parsed.sender.address) > 254:
        return None
    return find_sender(portal, parsed.sender, actor=actor)


def _department(mail: IncomingMail, parsed: ParsedMail | None, house: House) -> Department:
    """That of the first of our addresses which the mail names, else the mailbox's, else the portal's first."""
    named = [*mail.recipients]
    if parsed is not None:
        named += [address.address for address in (*parsed.delivered_to, *parsed.to, *parsed.cc)]
    forms = (form for address in named for form in forms_of(address))
    found = next((house.departments[form] for form in forms if form in house.departments), None)
    if found is None:
        found = mail.mailbox.department if mail.mailbox else mail.portal.departments.filter(is_enabled=True)[0]
    found.portal = mail.portal
    return found


def _note_report(mail: IncomingMail, report: DeliveryReport) -> None:
    message = _message_of(mail.portal, report)
    if message is None:
        _put(mail, MailState.IGNORED, Reason.UNKNOWN_BOUNCE, report.reason)
        return
    mail.ticket, mail.message = message.ticket, message
    reason = " ".join(
        part for part in (report.recipient and f"{report.recipient}:", report.reason or report.status) if part
    )
    if report.is_final:
        note_bounce(message, reason=reason, actor=_actor(mail.sender))
    _put(mail, MailState.IGNORED, Reason.BOUNCE if report.is_final else Reason.DELAY, reason)


def _message_of(portal: Portal, report: DeliveryReport) -> Message | None:
    mails = Message.objects.filter(portal=portal, direction=Direction.OUT).select_related("ticket", "portal")
    if (number := message_of_stamp(portal, report.stamp)) and (found := mails.filter(pk=number).first()):
        return found
    return mails.filter(message_id__in=report.message_ids[:20]).order_by("-id").first()


def _name_ticket(mail: IncomingMail, parsed: ParsedMail, house: House) -> None:
    """So that whoever reads the ticket can find the absence note that came for it."""
    if thread := find_thread(house.portal, parsed, tuple(mail.recipients), ""):
        mail.ticket = thread.ticket


def _text_of(parsed: ParsedMail) -> IncomingText:
    in_text = {file.content_id for file in parsed.files if file.content_id and f"cid:{file.content_id}" in parsed.html}
    return IncomingText(
        sender=str(parsed.sender),
        html=parsed.html,
        text=parsed.text,
        to=[str(address) for address in parsed.to],
        cc=[str(address) for address in parsed.cc],
        subject=parsed.subject,
        message_id=parsed.message_id,
        reply_to=str(parsed.reply_to[0]) if parsed.reply_to else "",
        in_reply_to=next(iter(parsed.in_reply_to), ""),
        references=" ".join(parsed.references[-50:]),
        uploads=[_upload(file) for file in parsed.files if file.content_id not in in_text],
        images={file.content_id: _upload(file) for file in parsed.files if file.content_id in in_text},
    )


def _upload(file: MailFile) -> NewFile:
    return NewFile(file.name, file.content_type, file.content)


def _put(mail: IncomingMail, state: MailState, reason: Reason, detail: str = "") -> None:
    mail.state, mail.reason, mail.detail = state, reason, detail.replace("\x00", "")[:2000]
    mail.decided_at = clock.now()
    mail.save(update_fields=_DECIDED)


def _actor(name: str) -> Actor:
    return Actor(person_id=None, name=name[:200], origin="mail")


_DECIDED = (
    "state", "reason", "detail", "decided_at", "decided_by", "ticket", "message", "comment", "suggested_ticket", "evidence",
    "original_sender",
)  # fmt: skip
