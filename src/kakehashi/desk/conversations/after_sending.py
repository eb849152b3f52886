"""What becomes of a mail once it is stored: taken back, tried again, returned to us."""

from django.db import transaction
from django.db.models import QuerySet

from kakehashi.core import clock
from kakehashi.core.actors import Actor
from kakehashi.core.fixed_reads import fixed_read
from kakehashi.desk.deadlines.following import follow_clocks
from kakehashi.desk.mailbox.jobs import send_later
from kakehashi.desk.portals.rights import require
from kakehashi.desk.ticket_search.actions import index_tickets
from kakehashi.desk.tickets.actions import lock_tickets, save_ticket
from kakehashi.desk.tickets.models import Ticket
from kakehashi.desk.tickets.tallies import kept_figures

from .models import Direction, Message, MessageState
from .telling import tell


@transaction.atomic
def note_bounce(message: Message, *, reason: str, actor: Actor) -> bool:
    """A mail of ours came back. False when that was known."""
    back = Message.objects.filter(pk=message.pk, direction=Direction.OUT).exclude(state=MessageState.BOUNCED)
    if not back.update(state=MessageState.BOUNCED, failure=reason[:2000]):
        return False
    ticket = lock_tickets(message.portal, [message.ticket_id], deleted=True)[0]
    with kept_figures(ticket.portal, [ticket]):
        ticket.is_our_turn = ticket.closed_at is None  # nobody has read our answer
        save_ticket(ticket)
    tell(ticket, "reply_bounced", {"message": message.pk}, actor)
    return True


@transaction.atomic
def show_remote_images(message: Message, *, actor: Actor) -> None:
    """From now on everybody sees them, in this mail alone."""
    require(message.portal, actor, "may_read")
    Message.objects.filter(pk=message.pk, images_shown_at=None).update(images_shown_at=clock.now())
    tell(message.ticket, "updated", {"message": message.pk}, actor)


def shows_remote_images(ticket: Ticket) -> bool:
    """Whether somebody asked for those of any of its mails."""
    return bool(_with_images_shown(ticket.pk))


@fixed_read
def _with_images_shown(ticket_id: int) -> QuerySet[Message, tuple[int]]:
    return Message.objects.filter(ticket_id=ticket_id, images_shown_at__isnull=False).values_list("pk")[:1]


@transaction.atomic
def withdraw_message(message: Message, *, actor: Actor) -> bool:
    """Take a held mail back. False when it is on its way already."""
    require(message.portal, actor, "may_forward" if message.is_forward else "may_reply")
    ticket = lock_tickets(message.portal, [message.ticket_id])[0]
    held = Message.objects.filter(pk=message.pk, state=MessageState.PENDING, attempts=0)
    if not held.update(state=MessageState.WITHDRAWN):
        return False
    _undo_answer(ticket, message)
    index_tickets([ticket.pk])
    tell(ticket, "reply_withdrawn", {"message": message.pk}, actor)
    return True


@transaction.atomic
def send_again(message: Message, *, actor: Actor) -> Message:
    """Try a failed mail once more, from the start of the waiting times."""
    require(message.portal, actor, "may_forward" if message.is_forward else "may_reply")
    failed = Message.objects.filter(pk=message.pk, state__in=[MessageState.FAILED, MessageState.BOUNCED])
    if failed.update(state=MessageState.PENDING, attempts=0, failure="", send_after=clock.now()):
        message.refresh_from_db()
        tell(message.ticket, "updated", {"message": message.pk}, actor)
        send_later(message)
    return message


def _undo_answer(ticket: Ticket, message: Message) -> None:
    with kept_figures(ticket.portal, [ticket]):
        ticket.message_count = max(0, ticket.message_count - 1)
        if not message.is_forward:
            ticket.is_our_turn = ticket.closed_at is None
            if ticket.first_responded_at == message.at:
                ticket.first_responded_at = ticket.first_response_seconds = None
            follow_clocks(ticket.portal, [ticket])
        save_ticket(ticket)
