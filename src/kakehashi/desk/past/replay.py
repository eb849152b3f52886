"""One past ticket done again in memory, deed by deed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import make_msgid
from functools import singledispatch
from typing import Any

from kakehashi.core import clock
from kakehashi.core.actors import Actor
from kakehashi.desk.conversations.addresses import parse_address, parse_addresses
from kakehashi.desk.conversations.forwarding import references_of
from kakehashi.desk.conversations.html import clean_html, text_of_html
from kakehashi.desk.conversations.models import Comment, Direction, Message, MessageState
from kakehashi.desk.conversations.quoting import part_quotation
from kakehashi.desk.deadlines.following import note_own_dates
from kakehashi.desk.deadlines.steps import Letter, Move, Past
from kakehashi.desk.mailbox.sender import domain_of_sender, sender_of
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.ticket_search.words import text_in
from kakehashi.desk.tickets.changes import follow_status, note_answer, note_comment, note_customer_wrote
from kakehashi.desk.tickets.models import Status, StatusType, Ticket

from .deeds import PastAnswer, PastAssignment, PastComment, PastMail, PastRating, PastStatus, PastTicket


@dataclass(slots=True)
class Note:
    """An event to be written. The rows it names get their ids only with the bulk write, so its data is asked for late."""

    topic: str
    actor: Actor
    at: datetime
    values: Mapping[str, Any] = field(default_factory=dict)
    message: Message | None = None
    comment: Comment | None = None

    def data(self) -> Mapping[str, Any]:
        rows = {"message": self.message, "comment": self.comment}
        return {name: row.pk for name, row in rows.items() if row is not None} | dict(self.values)


@dataclass(slots=True)
class Replay:
    past: PastTicket
    ticket: Ticket
    statuses: Mapping[str, Status]
    messages: list[Message] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def texts(self) -> list[str]:
        """What was said in it, in order of time."""
        said = [(mail.at, mail.text) for mail in self.messages] + [(one.at, text_in(one.html)) for one in self.comments]
        return [text for _at, text in sorted(said)]


def replay(portal: Portal, past: PastTicket, number: int, statuses: Mapping[str, Status]) -> Replay:
    """The ticket as it stands after everything that was done to it."""
    contact = past.contact
    ticket = Ticket(
        portal=portal,
        number=number,
        department=past.department,
        subject=past.subject,
        description_html=clean_html(past.description_html),
        contact=contact,
        account=contact.account if contact else None,
        email=contact.email if contact else "",
        phone=contact.phone if contact else "",
        status=statuses["Open"],
        assignee=past.assignee,
        product=past.product,
        due_at=past.due_at,
        response_due_at=past.response_due_at,
        created_at=past.at,
        created_by=past.actor.name,
        modified_at=past.at,
        last_activity_at=past.at,
        **past.texts,
    )
    one = Replay(past, ticket, statuses)
    note_own_dates(ticket, ["dueDate", "responseDueDate"])
    one.notes.append(Note("opened", past.actor, past.at, {"status_type": ticket.status.type}))
    for deed in past.deeds:
        before = len(one.notes)
        _do(deed, one)
        if len(one.notes) > before:
            ticket.version, ticket.modified_at = ticket.version + 1, deed.at
    return one


def past_of(one: Replay) -> Past:
    """What moved the clocks of a ticket that is in memory only."""
    moves = [Move(note.at, StatusType(types[1])) for note in one.notes if (types := note.values.get("status_types"))]
    letters = [Letter(message.at, message.direction == Direction.OUT) for message in one.messages]
    now = StatusType(one.ticket.status.type)
    return Past(one.past.at, StatusType.OPEN, moves, letters, now, clock.now())


@singledispatch
def _do(deed: Any, one: Replay) -> None:
    raise TypeError(deed)


@_do.register
def _answer(deed: PastAnswer, one: Replay) -> None:
    html = clean_html(deed.html)
    message = _message(one, deed, html, Direction.OUT)
    message.sender = str(sender_of(one.ticket.department))
    message.subject = f"Re: {one.ticket.subject} [#{one.ticket.number}]"[:1000]
    message.text = text_of_html(html)
    message.message_id = make_msgid(domain=domain_of_sender(one.ticket.department))
    message.in_reply_to, message.references = references_of(one.messages[-1] if one.messages else None)
    message.author_id, message.author_name = deed.actor.person_id, deed.actor.name
    message.state, message.sent_at, message.send_after = MessageState.SENT, deed.at, deed.at
    one.messages.append(message)
    note_answer(one.ticket, deed.at)
    one.notes.append(Note("replied", deed.actor, deed.at, message=message))


@_do.register
def _mail(deed: PastMail, one: Replay) -> None:
    if one.ticket.closed_at is not None:
        _set_status(one, "Open", deed.at, deed.actor)
    message = _message(one, deed, clean_html(deed.html), Direction.IN)
    sender = parse_address(deed.sender)
    message.sender, message.author_name = str(sender)[:400], sender.label
    message.subject = one.ticket.subject
    message.text = text_of_html(message.html)
    message.message_id = make_msgid(domain="kakehashi.invalid")
    message.state = MessageState.RECEIVED
    one.messages.append(message)
    note_customer_wrote(one.ticket, deed.at)
    one.notes.append(Note("answered", deed.actor, deed.at, message=message))


@_do.register
def _comment(deed: PastComment, one: Replay) -> None:
    comment = Comment(
        portal=one.ticket.portal,
        ticket=one.ticket,
        html=clean_html(deed.html),
        is_public=deed.is_public,
        author_id=deed.actor.person_id,
        author_name=deed.actor.name,
        at=deed.at,
        modified_at=deed.at,
    )
    one.comments.append(comment)
    note_comment(one.ticket, deed.at)
    one.notes.append(Note("commented", deed.actor, deed.at, {"is_public": deed.is_public}, comment=comment))


@_do.register
def _status(deed: PastStatus, one: Replay) -> None:
    if one.ticket.status.name != deed.status:
        _set_status(one, deed.status, deed.at, deed.actor)


@_do.register
def _assignment(deed: PastAssignment, one: Replay) -> None:
    old, new = (agent.name if agent else "" for agent in (one.ticket.assignee, deed.assignee))
    if one.ticket.assignee == deed.assignee:
        return
    one.ticket.assignee = deed.assignee
    one.notes.append(Note("updated", deed.actor, deed.at, {"changes": {"assigneeId": [old, new]}}))


@_do.register
def _rating(deed: PastRating, one: Replay) -> None:
    one.ticket.rating, one.ticket.rating_comment, one.ticket.rated_at = deed.rating, deed.comment.strip(), deed.at
    one.notes.append(Note("rated", deed.actor, deed.at, {"rating": deed.rating}))


def _set_status(one: Replay, name: str, at: datetime, actor: Actor) -> None:
    ticket, was_closed, was_escalated = one.ticket, one.ticket.closed_at is not None, one.ticket.is_escalated
    changes = {"status": [ticket.status.name, name]}
    types = [ticket.status.type, one.statuses[name].type]
    ticket.status = one.statuses[name]
    follow_status(ticket, at)
    is_closed = ticket.closed_at is not None
    topic = "updated" if is_closed == was_closed else "closed" if is_closed else "reopened"
    one.notes.append(Note(topic, actor, at, {"changes": changes, "status_types": types}))
    if ticket.is_escalated and not was_escalated:
        one.notes.append(Note("escalated", actor, at))


def _message(one: Replay, deed: PastAnswer | PastMail, html: str, direction: Direction) -> Message:
    new, quoted = part_quotation(html)
    return Message(
        portal=one.ticket.portal,
        ticket=one.ticket,
        direction=direction,
        to=[str(address) for address in parse_addresses(deed.to)],
        html=new,
        quoted_html=quoted,
        at=deed.at,
    )
