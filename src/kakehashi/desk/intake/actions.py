"""What people decide about incoming mails."""

from django.db import transaction

from kakehashi.core.actors import Actor
from kakehashi.core.errors import NotFound
from kakehashi.core.events.log import Fact, write_fact
from kakehashi.desk.conversations.addresses import parse_address
from kakehashi.desk.conversations.models import Message
from kakehashi.desk.conversations.moving import move_conversation, pass_on_as_customers
from kakehashi.desk.customers.matching import find_sender
from kakehashi.desk.portals.rights import require
from kakehashi.desk.statuses.queries import first_status
from kakehashi.desk.tickets.actions import delete_ticket, lock_tickets, update_ticket
from kakehashi.desk.tickets.models import StatusType, Ticket

from .deciding import decide, file_unreadable
from .house import House
from .models import IncomingMail, MailState, Reason


@transaction.atomic
def file_by_hand(mail: IncomingMail, *, actor: Actor) -> IncomingMail:
    """Out of quarantine, or although it was ignored: into its ticket, or a new one. What cannot be read becomes an attachment."""
    require(mail.portal, actor, "may_administer")
    mail = _lock(mail)
    if mail.state == MailState.FILED:
        return mail
    house = House.of(mail.portal, is_by_hand=True)
    mail.decided_by = actor.name
    mail.ticket = mail.message = None
    decide(mail, house)
    if mail.state != MailState.FILED:
        file_unreadable(mail, house)
    _tell(mail, "filed", actor)
    return mail


@transaction.atomic
def dismiss(mail: IncomingMail, *, actor: Actor) -> IncomingMail:
    """Nothing becomes of it. It stays in the list."""
    require(mail.portal, actor, "may_administer")
    mail = _lock(mail)
    if mail.state == MailState.QUARANTINED:
        mail.state, mail.reason, mail.decided_by = MailState.IGNORED, Reason.DISMISSED, actor.name
        mail.save(update_fields=["state", "reason", "decided_by"])
        _tell(mail, "dismissed", actor)
    return mail


@transaction.atomic
def decide_again(mail: IncomingMail, *, actor: Actor) -> IncomingMail:
    """As if it came just now: after a fix, or when a sender has calmed down."""
    require(mail.portal, actor, "may_administer")
    mail = _lock(mail)
    if mail.state in {MailState.QUARANTINED, MailState.RECEIVED}:
        mail.attempts = 1
        IncomingMail.objects.filter(pk=mail.pk).update(attempts=1)
        decide(mail, House.of(mail.portal))
        _tell(mail, "filed", actor)
    return mail


@transaction.atomic
def join_suggested(mail: IncomingMail, *, actor: Actor) -> Ticket:
    """Everything of the ticket that this mail opened goes to the one it seems to belong to; the empty one into the recycle bin."""
    require(mail.portal, actor, "may_update")
    mail = _lock(mail)
    if mail.ticket_id is None or mail.suggested_ticket_id is None:
        raise NotFound
    tickets = {ticket.pk: ticket for ticket in lock_tickets(mail.portal, [mail.ticket_id, mail.suggested_ticket_id])}
    left, target = tickets[mail.ticket_id], tickets[mail.suggested_ticket_id]
    move_conversation(left, target, actor=actor)
    IncomingMail.objects.filter(ticket=left).update(ticket=target, suggested_ticket=None)
    delete_ticket(left, actor=actor)
    if target.closed_at is not None:
        first_open = first_status(mail.portal, StatusType.OPEN)
        update_ticket(target, values={"status": first_open.name}, actor=actor)
    return target


@transaction.atomic
def give_to_customer(mail: IncomingMail, *, actor: Actor) -> Ticket:
    """The colleague who passed the mail on confirms, or another one does: its writer is the customer."""
    require(mail.portal, actor, "may_update")
    mail = _lock(mail)
    if not mail.original_sender or mail.ticket_id is None or mail.message_id is None:
        raise NotFound
    customer = parse_address(mail.original_sender)
    contact = find_sender(mail.portal, customer, actor=actor)
    ticket = Ticket.objects.select_related("portal").get(pk=mail.ticket_id)
    update_ticket(ticket, values={"contactId": contact.pk, "email": customer.address}, actor=actor)
    pass_on_as_customers(Message.objects.get(pk=mail.message_id), customer)
    IncomingMail.objects.filter(pk=mail.pk).update(original_sender="")
    return ticket


@transaction.atomic
def forget_suggestion(ticket: Ticket, *, actor: Actor) -> None:
    """The ticket stays what it is: not part of another one, and its sender not passing on somebody else's mail."""
    require(ticket.portal, actor, "may_update")
    lock_tickets(ticket.portal, [ticket.pk])
    IncomingMail.objects.filter(ticket=ticket).update(suggested_ticket=None, original_sender="")
    write_fact(Fact(ticket.portal.tenant, "desk.ticket.updated", "desk.ticket", ticket.pk), actor)


def _lock(mail: IncomingMail) -> IncomingMail:
    rows = IncomingMail.objects.select_for_update(of=("self",)).select_related("portal", "mailbox__department")
    return rows.defer("search").get(pk=mail.pk)


def _tell(mail: IncomingMail, topic: str, actor: Actor) -> None:
    write_fact(Fact(mail.portal.tenant, f"desk.incoming_mail.{topic}", "desk.incoming_mail", mail.pk), actor)
