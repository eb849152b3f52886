"""Answering, forwarding, commenting, and taking in what customers write."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from email.utils import make_msgid

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kakehashi.core import clock
from kakehashi.core.actors import Actor
from kakehashi.core.errors import InvalidValues, ProductError, Text
from kakehashi.desk.deadlines.following import follow_clocks
from kakehashi.desk.mailbox.jobs import send_later
from kakehashi.desk.mailbox.sender import domain_of_sender, sender_of
from kakehashi.desk.portals.rights import require
from kakehashi.desk.reply_templates.placeholders import open_in
from kakehashi.desk.reply_templates.queries import signature_of
from kakehashi.desk.ticket_search.actions import add_words
from kakehashi.desk.tickets.actions import lock_tickets, save_ticket
from kakehashi.desk.tickets.changes import note_answer, note_comment
from kakehashi.desk.tickets.models import Ticket
from kakehashi.desk.tickets.tallies import kept_figures

from .addresses import Address, parse_address, parse_addresses
from .forwarding import forwarded, references_of
from .html import clean_html, has_content, text_of_html
from .incoming import IncomingText
from .mentions import remember_mentions
from .models import Comment, Direction, Message, MessageState
from .quoting import part_quotation
from .receiving import Answer, receive_mails
from .telling import tell
from .uploads import Upload, attach, name_images


class SomebodyWrote(ProductError):
    """Since this answer was begun, there is a message that its writer has not seen (lessons F11)."""

    code = "somebody_wrote"
    status = 409

    def __init__(self, message: Message) -> None:
        name = message.author_name or parse_address(message.sender).label
        super().__init__(
            _("%(name)s wrote since you began. Read it, then send again if yours still holds.") % {"name": name}
        )


@transaction.atomic
def send_reply(  # noqa: PLR0913 - a mail has that many parts, and callers name them
    ticket: Ticket,
    *,
    html: str,
    to: Sequence[str],
    cc: Sequence[str] = (),
    bcc: Sequence[str] = (),
    is_forward: bool = False,
    uploads: Sequence[Upload] = (),
    hold_seconds: int = 0,
    seen: int | None = None,
    actor: Actor,
    at: datetime | None = None,
    sent_at: datetime | None = None,
) -> Message:
    """A mail to the customer (or, forwarded, to somebody else), stored and queued in one transaction.

    It leaves when `hold_seconds` have passed; until then it can be withdrawn. Raises `InvalidValues` with to, cc, bcc or html.
    With `sent_at` it left then, from elsewhere: it is kept and not sent again. `seen` is the newest message that the writer knew
    (0: none); raises `SomebodyWrote` where another one has come since. None asks nothing.
    """
    require(ticket.portal, actor, "may_forward" if is_forward else "may_reply")
    html = clean_html(name_images(html))
    recipients = {"to": parse_addresses(to), "cc": parse_addresses(cc), "bcc": parse_addresses(bcc)}
    _refuse_unsendable(html, recipients)
    moment = at or clock.now()
    ticket = lock_tickets(ticket.portal, [ticket.pk])[0]
    if seen is not None:
        _refuse_unseen(ticket, seen, actor)
    message = _outgoing(ticket, html, recipients, is_forward, moment, actor)
    if is_forward:
        quotation, files = forwarded(ticket)
        message.html, message.quoted_html, uploads = html, quotation, [*uploads, *files]
    message.send_after = moment + timedelta(seconds=hold_seconds)
    if sent_at:
        message.state, message.sent_at, message.signature_html = MessageState.SENT, sent_at, ""
    message.save(force_insert=True)
    attach(ticket, uploads, html=message.html + message.quoted_html, message=message, actor=actor)
    add_words(ticket.portal_id, [(ticket.pk, message.text)])
    _note_answer(ticket, message)
    tell(ticket, "forwarded" if is_forward else "replied", {"message": message.pk}, actor)
    if not sent_at:
        send_later(message)
    return message


@transaction.atomic
def add_comment(
    ticket: Ticket,
    *,
    html: str,
    is_public: bool = False,
    uploads: Sequence[Upload] = (),
    actor: Actor,
    at: datetime | None = None,
) -> Comment:
    """A remark for colleagues or, public, for the customer too. Who may only comment internally can never write a public one."""
    require(ticket.portal, actor, "may_comment_publicly" if is_public else "may_comment")
    html = clean_html(name_images(html))
    if not has_content(html):
        raise InvalidValues({"html": _("Write something first.")})
    if is_public:
        _refuse_gaps(html)
    moment = at or clock.now()
    ticket = lock_tickets(ticket.portal, [ticket.pk])[0]
    comment = Comment.objects.create(
        portal=ticket.portal,
        ticket=ticket,
        html=html,
        is_public=is_public,
        author_id=actor.person_id,
        author_name=actor.name,
        at=moment,
        modified_at=moment,
    )
    attach(ticket, uploads, html=html, comment=comment, actor=actor)
    called = remember_mentions(comment, ticket, actor)
    note_comment(ticket, moment)
    save_ticket(ticket)
    add_words(ticket.portal_id, [(ticket.pk, text_of_html(html))])
    mentions = {"mentions": called} if called else {}
    tell(ticket, "commented", {"comment": comment.pk, "is_public": is_public, **mentions}, actor)
    return comment


def receive_message(  # noqa: PLR0913 - a mail has that many parts, and callers name them
    ticket: Ticket,
    *,
    sender: str,
    html: str,
    to: Sequence[str] = (),
    cc: Sequence[str] = (),
    subject: str = "",
    message_id: str = "",
    in_reply_to: str = "",
    references: str = "",
    uploads: Sequence[Upload] = (),
    actor: Actor,
    at: datetime | None = None,
) -> Message:
    """A mail from outside becomes part of a ticket; a closed ticket opens again."""
    mail = IncomingText(
        sender=sender,
        html=html,
        to=to,
        cc=cc,
        subject=subject,
        message_id=message_id,
        in_reply_to=in_reply_to,
        references=references,
        uploads=uploads,
    )
    return receive_mail(ticket, mail, actor=actor, at=at)


def receive_mail(ticket: Ticket, mail: IncomingText, *, actor: Actor, at: datetime | None = None) -> Message:
    """The same for a mail in its parts."""
    return receive_mails(ticket.portal, [Answer(ticket, mail, actor, at or clock.now())])[0]


def _outgoing(
    ticket: Ticket,
    html: str,
    recipients: dict[str, list[Address]],
    is_forward: bool,
    moment: datetime,
    actor: Actor,
) -> Message:
    new, quoted = part_quotation(html)
    known = ticket.messages.exclude(state__in=[MessageState.WITHDRAWN, MessageState.FAILED])
    last = known.filter(is_forward=False).order_by("-at", "-id").first()  # a forward went to somebody else
    prefix = "Fwd" if is_forward else "Re"
    in_reply_to, references = references_of(None if is_forward else last)
    return Message(
        portal=ticket.portal,
        ticket=ticket,
        direction=Direction.OUT,
        sender=str(sender_of(ticket.department)),
        **{kind: [str(address) for address in addresses] for kind, addresses in recipients.items()},
        subject=f"{prefix}: {ticket.subject} [#{ticket.number}]"[:1000],
        html=new,
        quoted_html=quoted,
        signature_html=signature_of(ticket, actor.name) if actor.person_id else "",
        text=text_of_html(html),
        message_id=make_msgid(domain=domain_of_sender(ticket.department)),
        in_reply_to=in_reply_to,
        references=references,
        is_forward=is_forward,
        author_id=actor.person_id,
        author_name=actor.name,
        state=MessageState.PENDING,
        at=moment,
    )


def _refuse_unsendable(html: str, recipients: dict[str, list[Address]]) -> None:
    problems: dict[str, Text] = {
        kind: _("This is not an e-mail address: %(address)s") % {"address": bad.address}
        for kind, addresses in recipients.items()
        if (bad := next((address for address in addresses if not address.is_valid), None))
    }
    if not any(recipients.values()):
        problems["to"] = _("Enter at least one recipient.")
    if not has_content(html):
        problems["html"] = _("Write something first.")
    if problems:
        raise InvalidValues(problems)
    _refuse_gaps(html)


def _refuse_gaps(html: str) -> None:
    """A customer must not read "Dear {{contact.name}}"."""
    if gaps := open_in(html):
        raise InvalidValues({"html": _("%(gap)s could not be filled: write what belongs there.") % {"gap": gaps[0]}})


def _refuse_unseen(ticket: Ticket, seen: int, actor: Actor) -> None:
    """The ticket is locked: whoever sends second is the one who is asked."""
    newer = ticket.messages.filter(pk__gt=seen).exclude(state=MessageState.WITHDRAWN)
    if actor.person_id is not None:
        newer = newer.exclude(direction=Direction.OUT, author_id=actor.person_id)
    if found := newer.order_by("-pk").first():
        raise SomebodyWrote(found)


def _note_answer(ticket: Ticket, message: Message) -> None:
    with kept_figures(ticket.portal, [ticket]):
        note_answer(ticket, message.at, is_forward=message.is_forward)
        follow_clocks(ticket.portal, [ticket])
        save_ticket(ticket)
