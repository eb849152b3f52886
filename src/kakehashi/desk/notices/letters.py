"""A notice as the mail that leaves: no machine answers it (RFC 3834), a person's answer finds the ticket."""

from email.policy import SMTP
from email.utils import format_datetime

from django.template.loader import render_to_string
from django.utils.translation import override

from kakehashi.core import clock
from kakehashi.desk.conversations.addresses import Address
from kakehashi.desk.mailbox.letters import Letter, RawMail, header_of, plain_address
from kakehashi.desk.mailbox.marks import mark_of_agent, mark_of_ticket, stamp_of, with_tag
from kakehashi.desk.mailbox.sender import sender_of
from kakehashi.desk.parsing.reports import STAMP

from .kinds import writer_of
from .models import Notice
from .words import Words

_HERE = "desk/notices/templates"


def letter_of_notice(notice: Notice) -> Letter | None:
    """None where there is nothing to say any more. Raises `ValueError` for addresses that no mail can carry."""
    with override(notice.language):
        write = writer_of(notice.kind)
        words = write(notice) if write else None
        return _letter(notice, words) if words else None


def _letter(notice: Notice, words: Words) -> Letter:
    sender = sender_of(notice.ticket.department)
    mark = _mark(notice)
    mail = RawMail(policy=SMTP)
    mail["From"] = header_of(sender)
    mail["To"] = header_of(Address("", notice.address))
    mail["Subject"] = " ".join(f"{words.subject} [#{notice.ticket.number}]".split())
    mail["Date"] = format_datetime(clock.now())
    mail["Message-ID"] = notice.message_id
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail[STAMP] = stamp_of(notice.portal_id, notice.ticket_id, 0)
    own = notice.ticket.department.answers_from
    if own is not None and own.takes_tags:
        mail["Reply-To"] = header_of(Address(sender.name, with_tag(own.address, mark)))
    context = {"words": words, "sign": f"[#{notice.ticket.number}] ref:{mark}", "language": notice.language}
    mail.set_content(render_to_string(f"{_HERE}/notice.txt", context))
    mail.add_alternative(render_to_string(f"{_HERE}/notice.html", context), subtype="html")
    return Letter(mail, plain_address(sender), [plain_address(Address("", notice.address))], notice.portal_id)


def _mark(notice: Notice) -> str:
    """A colleague's answer becomes a comment of theirs, a customer's an answer."""
    if notice.person_id is None:
        return mark_of_ticket(notice.portal, notice.ticket_id)
    return mark_of_agent(notice.portal, notice.ticket_id, notice.person_id)
