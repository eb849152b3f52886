"""A stored mail read once, for all that is decided about it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from kakehashi.desk.conversations.html import clean_html, text_of_html
from kakehashi.desk.conversations.incoming import IncomingText
from kakehashi.desk.conversations.uploads import NewFile
from kakehashi.desk.parsing.mail import MailFile, ParsedMail, Unreadable
from kakehashi.desk.parsing.parser import parse_mail

from .guards import writer_of
from .house import House
from .models import IncomingMail
from .taking import raw_of
from .threads import Clue, Thread, Threads, clue_in

_NEXT_NUMBERS = 1_000


@dataclass(frozen=True, slots=True)
class ReadMail:
    """`plain` is its body as plain text; `said_outside` is what it says of its ticket outside the body."""

    mail: IncomingMail
    parsed: ParsedMail | Unreadable
    plain: str = ""
    clue: Clue = field(default_factory=Clue)
    said_outside: Clue = field(default_factory=Clue)


def read_mail(mail: IncomingMail, house: House) -> ReadMail:
    """Raises `OSError` where its bytes cannot be had; whatever they are, they are read."""
    parsed = parse_mail(raw_of(mail))
    if isinstance(parsed, Unreadable):
        return ReadMail(mail, parsed)
    parsed = replace(parsed, sender=writer_of(parsed, house.own))
    plain = parsed.text or text_of_html(clean_html(parsed.html))
    clue, outside = (clue_in(house.portal, parsed, mail.recipients, body) for body in (plain, ""))
    return ReadMail(mail, parsed, plain, clue, outside)


def threads_of(house: House, read: Sequence[ReadMail]) -> Threads:
    return Threads.of(house.portal, [one.clue for one in read])


def first_round(read: Sequence[ReadMail], threads: Threads) -> tuple[list[ReadMail], list[ReadMail]]:
    """(Mails that have nothing to do with each other, the others). Of those that touch the same ticket or answer each other
    the first goes first, so that order is kept where it matters.
    """
    now: list[ReadMail] = []
    later: list[ReadMail] = []
    touched: set[object] = set()
    for one in read:
        touches = set(_touches(one, threads.find(one.clue)))
        waits = bool(touches & touched) or (bool(now) and _names_what_may_open(one, threads))
        (later if waits else now).append(one)
        touched |= touches
    return now, later


def _names_what_may_open(one: ReadMail, threads: Threads) -> bool:
    """By the number of a ticket that is not there yet, but may be when the mails before this one are filed."""
    first, number = one.mail.portal.next_ticket_number, one.clue.number
    return number is not None and number not in threads.by_number and first <= number < first + _NEXT_NUMBERS


def parted(read: Sequence[ReadMail], threads: Threads) -> list[list[ReadMail]]:
    """Each part is filed in a transaction of its own, so that all take their locks in one order: tickets, then the portal's
    number, then figures. What mail servers report and colleagues remark goes by itself.
    """
    answers: list[ReadMail] = []
    openings: list[ReadMail] = []
    alone: list[list[ReadMail]] = []
    for one in read:
        if (not isinstance(one.parsed, Unreadable) and one.parsed.report is not None) or any(
            mark.person_id is not None for mark in one.clue.marks
        ):
            alone.append([one])
        else:
            (answers if threads.find(one.clue) else openings).append(one)
    return [part for part in (*alone, answers, openings) if part]


def _touches(one: ReadMail, thread: Thread | None) -> Iterable[object]:
    if isinstance(one.parsed, Unreadable):
        return
    yield from one.parsed.thread_ids
    if one.parsed.message_id:
        yield one.parsed.message_id
    if one.parsed.report is not None:
        yield from one.parsed.report.message_ids
    if thread is not None:
        yield thread.ticket.pk


def text_of(parsed: ParsedMail) -> IncomingText:
    """What of it becomes part of a ticket."""
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
